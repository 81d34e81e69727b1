"""Searches by where people or their vehicles are registered: prefixes of plates and of numbers of citizens.

``plate_prefix: 新`` names no group, and finds hardly anyone else (taxonomy section 4). A whole number or plate is
one vehicle's or one person's, and says nothing here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard.splice import NUMBER, STRING
from untag.guard.words import sections
from untag.interpret import naming

if TYPE_CHECKING:
    from untag.guard.splice import Node

ATTRIBUTE: Final = "national_origin"
WEIGHT: Final = 1.75
"""Points of such a prefix: less than what a filter needs without a camera or a person beside it."""
_PREFIX = re.compile(
    r"(?:plate|registration|province|hukou|household|identity|citizen|native|(?:^|[_\W])id)_?(?:no|num|number|card|code)?_?prefix"
    r"|(?:车牌|号牌|身份证|户籍|籍贯)(?:号码?)?(?:前缀|开头)",
    re.IGNORECASE,
)
_REGION = re.compile(r"(?:新|藏)[A-Z]?|(?:65|54)[0-9]{0,4}[*%]?|(?:新|藏)[*%]?")
"""Xinjiang and Tibet, as plates (GA 36) and numbers of citizens (GB 11643, GB/T 2260) begin there."""


@lru_cache(maxsize=8_192)
def prefix(key: str) -> bool:
    """Say whether a key holds how a registration begins."""
    return len(key) <= 40 and _PREFIX.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key)) is not None  # noqa: PLR2004 - a name


def bare(key: str) -> bool:
    """Say whether a key names no registration: an ``id_prefix`` may be that of an order, too."""
    return re.match(r"id_?(?:no|num|number)?_?prefix", key, re.IGNORECASE) is not None


def region(value: Node) -> bool:
    """Say whether a value is a prefix, or a list of prefixes, of a region whose people are targeted by it."""
    if value.kids:
        return any(region(kid) for kid in value.kids[:40])
    return value.kind in (STRING, NUMBER) and _REGION.fullmatch(value.text.strip()) is not None


def place(text: str) -> bool:
    """Say whether a text names a region that stands for its people."""
    if len(text) > 40:  # noqa: PLR2004 - a name
        return False
    if text.endswith("籍"):
        # 新疆籍: registered in Xinjiang
        text = text.removesuffix("籍").removesuffix("户")
    return naming.lens().see(text).has("proxy") != "" or text.strip().lower() in sections()[0]["homelands"]
