"""Which columns' values are looked at: those that speak for it, and labels beside faces.

Values of other columns are never asked for. Names, addresses and numbers of persons are
not, whatever table they stand in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.sources.database.catalog import DISTINCT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from untag.sources.database.catalog import Column, Relation

MOST: Final = 60
"""Columns of one table whose values are looked at."""
LABEL: Final = 80
"""Characters of the longest name in a list of codes."""
SMALL: Final = 8
"""Columns of a table up to which it may be a list of codes and their names."""
NAMES: Final = ("name", "code name", "name en", "name zh", "type name", "names")
"""Columns that are named so in lists of codes as well."""
_CAMEL: Final = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_WORD: Final = re.compile(r"[^\W\d_]+")
_TELLS: Final = re.compile(
    r"ethni|\brac(?:e|es|ial)\b|\bnation(?:s|al|ality|alities)?\b|relig|\bfaith|\bcaste|\btrib(?:e|al)|\bskin\b"
    r"|complexion|minorit|\borigin\b|citizenship|ancestry|\bdescent\b|\bmigrant|\bminzu\b|\bmz\b|renzhong|zhongzu"
    r"|民族|族群|种族|種族|人种|人種|肤色|膚色|宗教|国籍|國籍|национальн|этни|\bраса|рели[гж]|인종|민족|국적|종교"
    r"|عرق|قومي|ديان"
)
"""Words that name a protected attribute."""
_PICTURES: Final = re.compile(
    r"\b(?:faces?|facial|photos?|images?|imgs?|pictures?|pic|snapshots?|snap|captures?|portraits?|selfies?|mugshots?"
    r"|cameras?|videos?|embeddings?|biometrics?|iris|gait|bbox|thumbnails?|avatars?|pedestrians?|watchlists?|faceid)\b"
    r"|人脸|人臉|抓拍|照片|图片|圖片|图像|摄像|攝像|视频|頭像|头像|лиц[оа]|изображен|фото|얼굴|사진|صورة|وجه"
)
"""Words that name pictures of people, or what is computed from them."""
_CODES: Final = re.compile(
    r"\b(?:dict|dictionary|lookup|enums?|codes?|labels?|tags?|categor(?:y|ies)|types?|options?|class(?:es)?|groups?|grp|kinds?"
    r"|params?|attributes?|attrs?|values?|items?)\b|字典|码表|代码|标签"
)
"""Words that name a table of codes and what they mean."""
_RULES: Final = re.compile(
    r"\b(?:prompts?|captions?|rules?|conditions?|expr(?:ession)?|filters?|keywords?|quer(?:y|ies)|alerts?|alarms?"
    r"|templates?|descriptions?|remarks?|memo|search(?:es)?)\b|规则|条件|告警|备注|描述|提示词"
)
"""Words that name what software is told to look for."""
_PERSONAL: Final = re.compile(
    r"\b(?:names?|username|fullname|firstname|lastname|surname|nickname|phone|mobile|tel|e?mail|address|addr"
    r"|passw(?:or)?d|pwd|token|secret|salt|ssn|passport|idcard|idno|birth(?:day|date)?|dob|iban|salary|account)\b"
    r"|姓名|电话|手机|地址|证件|身份证"
)
"""Words that name what is a person's own."""
_PERSONS: Final = re.compile(
    r"\b(?:persons?|people|users?|employees?|staff|members?|subjects?|suspects?|visitors?|students?|teachers?|customers?"
    r"|clients?|citizens?|residents?|identit(?:y|ies)|individuals?|drivers?|workers?|patients?|guests?|accounts?|profiles?"
    r"|persona|human|owners?|contacts?)\b|人员|用户|人口|居民|嫌疑|访客|学生|员工|客户"
)
"""Words that name tables with a row for each person."""
_OPAQUE: Final = re.compile(r"\b(?:urls?|uris?|ids?|uuid|guid|hash|md|sha|base|filename|checksum)\b")
"""Words that name values which say nothing."""


def words(name: str) -> str:
    """Return a name as words in lower case: ``faceImage_URL`` gives ``face image url``."""
    parts = _WORD.findall(_CAMEL.sub(" ", name[:200]))
    return " ".join(parts).lower()


def has_pictures(relation: Relation) -> bool:
    """Whether a table holds pictures of people, or what is computed from them."""
    return _pictured(_told(relation.name, relation.doc)) or any(
        _pictured(_told(c.name, c.doc)) for c in relation.columns
    )


def _pictured(text: str) -> bool:
    return bool(_PICTURES.search(text))


def _told(name: str, doc: str) -> str:
    return f"{words(name)} {words(doc)}"


def neighbours(relations: Iterable[Relation]) -> tuple[set[tuple[str, str]], bool]:
    """Return the tables that tables with pictures point at, and whether there are such tables."""
    pointed: set[tuple[str, str]] = set()
    found = False
    for relation in relations:
        if has_pictures(relation):
            found = True
            pointed.update(relation.targets.values())
    return pointed, found


def is_code(relation: Relation, pointed: Collection[tuple[str, str]], *, pictures: bool) -> bool:
    """Whether a table is a list of codes and what they mean, in which a name is no person's."""
    own = words(relation.name)
    if len(relation.columns) > SMALL or has_pictures(relation):
        return False
    if _PERSONS.search(own) and not (_TELLS.search(own) or _CODES.search(own)):
        return False
    if any(_PERSONAL.search(words(c.name)) and words(c.name) not in NAMES for c in relation.columns):
        return False
    if _TELLS.search(_told(relation.name, relation.doc)):
        return True
    if pictures and _CODES.search(own):
        return True
    # a table that faces point at and that does not say that it lists codes may have a row for each person
    named = any(words(c.name) in NAMES for c in relation.columns)
    return pictures and not named and (relation.schema, relation.name) in pointed


def candidates(relation: Relation, pointed: Collection[tuple[str, str]], *, pictures: bool) -> list[Column]:
    """Return the columns whose values are worth a look.

    ``pointed`` are the tables that tables with pictures refer to; ``pictures`` says
    whether the database has such tables at all.
    """
    speaks = bool(_TELLS.search(_told(relation.name, relation.doc)))
    beside = has_pictures(relation) or (relation.schema, relation.name) in pointed
    coded = is_code(relation, pointed, pictures=pictures)
    out = []
    for column in relation.columns:
        if not column.shape or column.classes:
            continue
        own, told = words(column.name), _told(column.name, column.doc)
        if _TELLS.search(told):
            out.append(column)
        elif _OPAQUE.search(own) or (_PERSONAL.search(own) and not coded):
            continue
        elif _PICTURES.search(own) and not (_CODES.search(own) or _RULES.search(own)):
            continue  # the picture itself, as text
        elif speaks or beside or coded or (pictures and _RULES.search(own)):
            out.append(column)
    return out[:MOST]


def meanings(relation: Relation, codes: Mapping[tuple[str, str], Relation]) -> None:
    """Give columns that point at a list of codes the names in that list as their classes."""
    by_name = {c.name: c for c in relation.columns}
    for name, target in relation.targets.items():
        column, other = by_name.get(name), codes.get(target)
        if column is None or column.classes or other is None:
            continue
        read = [c.values.texts for c in other.columns if c.values is not None and not c.values.sampled]
        longest = max(read, key=lambda texts: sum(map(len, texts)), default=[])
        if 1 < len(longest) < DISTINCT and all(len(t) <= LABEL for t in longest):
            column.classes = tuple(longest)
