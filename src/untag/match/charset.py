"""Which legacy encoding a text is in: each candidate is decoded and its letters are judged.

A character earns points when it is one that its language uses often, and loses points
when it is one that only a wrong decode brings about: rare ideographs, capitals inside
words, letters of two scripts in one word. The mean over all non-ASCII characters of
the sample is the score. Same bytes, same answer, on every machine and release.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE: Final = 8_192
"""Bytes of lines that are not ASCII; more of them change no verdict."""
REACH: Final = 1 << 20
"""Bytes behind the first odd one in which such lines are looked for."""
CONTROLS: Final = 0.02
"""Share of control characters above which no encoding makes text of it."""
_PRINTED: Final = bytes(code for code in range(256) if code >= 0x20 or code in b"\t\n\x0b\x0c\r\x1b")  # noqa: PLR2004
FLOOR: Final = -0.2
"""A best score below this is no text in any of the encodings."""

ORDER: Final = (
    "gb18030",
    "big5hkscs",
    "cp932",
    "euc_jp",
    "cp949",
    "cp1251",
    "koi8_r",
    "cp866",
    "cp1256",
    "cp1254",
    "cp1252",
)
"""The candidates; of equals the first wins."""

_OFTEN_SIMPLIFIED: Final = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学"
    "如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将"
    "两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及"
    "比员解水名真论处走义各入几口认条平系气题活更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指许统区保"
    "至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传"
    "师观清今切院让识候带导争运族脸属值库码注释返型参"
)
_OFTEN_TRADITIONAL: Final = frozenset(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作里用道行所然家種事成方多經麼去法學"
    "如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將"
    "兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及"
    "比員解水名真論處走義各入幾口認條平系氣題活更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指許統區保"
    "至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳"
    "師觀清今切院讓識候帶導爭運族臉屬值庫碼註釋返型參"
)
_OFTEN_KOREAN: Final = frozenset(
    "이다는을의에가고하한지로기사자인대리어도아시들나일그서정해수라부여보과전스주상만게를은제장원구성적으있었했되된것국민족종분류얼굴속식위르"
    "경우동신용관세계화문장중행학회생각연비교소개무공모조물마내간방발식별감단당데드레름면명미반받본선설실안않야양업없오와요운울월유음입작재"
    "저점조종즉진집차체초최출치크통트특파표품필할함합형호확환황후"
)
_OFTEN_CYRILLIC: Final = frozenset("оеаинтсрвлкмдпу")
_OFTEN_ARABIC: Final = frozenset("الينمرتوهبةعدسف")
_TURKISH: Final = frozenset("ğışĞİŞ")
_NORDIC: Final = frozenset("ðýþÐÝÞ")
_MARKS: Final = frozenset("、。，：；！？（）《》「」『』【】“”‘’…—·　～％／＝＋－")
_QUOTES: Final = frozenset("«»“”„‘’–—…№•·°©®§€£ \u00a0¿¡،؛؟")


def ranked(raw: bytes, problem: int) -> list[str]:
    """Return the encodings that could be that of ``raw``, the likeliest first.

    ``problem`` is where it stopped being UTF-8. Empty when it reads as text in none.
    """
    sample = _sample(raw, problem)
    if len(sample.translate(None, _PRINTED)) > len(sample) * CONTROLS:
        return []
    scored = [(_score(sample, encoding), -at, encoding) for at, encoding in enumerate(ORDER)]
    return [encoding for score, _, encoding in sorted(scored, reverse=True) if score >= FLOOR]


def _sample(raw: bytes, problem: int) -> bytes:
    """Return the lines that are not ASCII, up to `SAMPLE` bytes of them."""
    start = max(raw.rfind(b"\n", 0, problem) + 1, problem - SAMPLE // 2)
    lines = []
    size = 0
    for found in re.finditer(rb"[^\n]*[\x80-\xff][^\n]*", raw[start : start + REACH]):
        lines.append(found[0])
        size += len(found[0])
        if size >= SAMPLE:
            break
    sample = b"\n".join(lines)
    if len(sample) <= SAMPLE:
        return sample
    # end behind an ASCII character, so that no character is cut
    cut = max(sample.rfind(b" ", 0, SAMPLE), sample.rfind(b"\n", 0, SAMPLE))
    return sample[: cut if cut > SAMPLE // 2 else SAMPLE]


def _score(sample: bytes, encoding: str) -> float:
    """Return the mean of what the non-ASCII characters earn, between -2 and 1."""
    text = sample.decode(encoding, "replace")
    total = odd = 0.0
    if encoding in _BY_CHARACTER:
        judge = _BY_CHARACTER[encoding]
        for char, count in Counter(text).items():
            if char > "\x7f":
                odd += count
                total += count * (-2.0 if char == "\ufffd" else judge(char))
    else:
        judge_pair = _BY_NEIGHBOUR[encoding]
        for (before, char), count in Counter(zip(" " + text, text, strict=False)).items():
            if char > "\x7f":
                odd += count
                total += count * (-2.0 if char == "\ufffd" else judge_pair(before, char))
            elif before > "\u02ff" and char.isalpha() and before.isalpha():
                total -= count  # a Latin letter that goes on from a Cyrillic or Arabic one
    return round(total / odd, 6) if odd else 0.0


@cache
def _rows(encoding: str, first: int, last: int) -> frozenset[str]:
    """Return the characters of a range of rows of a double-byte set: its common ones."""
    rows = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in range(0x40, 0xFF))
    return frozenset("".join(row.decode(encoding, "ignore") for row in rows if row[1] != 0x7F))  # noqa: PLR2004 - of the format


def _chinese(char: str) -> float:
    if char in _OFTEN_SIMPLIFIED:
        return 1.0
    if char in _MARKS:
        return 0.7
    if char in _rows("gb2312", 0xB0, 0xD7):
        return 0.6
    if char in _rows("gb2312", 0xD8, 0xF7):
        return 0.1
    if "\u3040" <= char <= "\u30ff":
        return 0.2
    return -0.5 if "\u4e00" <= char <= "\u9fff" else -0.8


def _taiwanese(char: str) -> float:
    if char in _OFTEN_TRADITIONAL:
        return 1.0
    if char in _MARKS:
        return 0.7
    if char in _rows("big5", 0xA4, 0xC6):
        return 0.6
    return -0.1 if "\u4e00" <= char <= "\u9fff" else -0.5


def _japanese(char: str) -> float:
    if "\u3041" <= char <= "\u30fe":
        return 1.0
    if char in _MARKS:
        return 0.7
    if char in _rows("shift_jis", 0x88, 0x98):
        return 0.6
    if "\uff61" <= char <= "\uff9f":  # half width: single bytes that any other encoding brings about
        return -0.3
    return -0.3 if "\u4e00" <= char <= "\u9fff" else -0.6


def _korean(char: str) -> float:
    if "\uac00" <= char <= "\ud7a3":
        if char in _OFTEN_KOREAN:
            return 1.0
        return 0.5 if char in _rows("euc_kr", 0xB0, 0xC8) else -0.4
    if char in _MARKS:
        return 0.6
    return -0.3 if "\u4e00" <= char <= "\u9fff" else -0.6


def _cyrillic(before: str, char: str) -> float:
    if "а" <= char <= "я" or char in "ёіїєґ":
        if before.isascii() and before.isalpha():
            return -1.0
        return 1.0 if char in _OFTEN_CYRILLIC else 0.6
    if "А" <= char <= "Я" or char in "ЁІЇЄҐ":
        if "а" <= before <= "я" or (before.isascii() and before.isalpha()):
            return -1.0
        return 0.3 if "А" <= before <= "Я" else 0.7
    return 0.2 if char in _QUOTES and not "а" <= before <= "я" else -0.5


def _arabic(before: str, char: str) -> float:
    if "\u0600" <= char <= "\u06ff":
        if before.isalpha() and not "\u0600" <= before <= "\u06ff":
            return -1.0
        if char in "،؛؟":
            return 0.3
        return 1.0 if char in _OFTEN_ARABIC else 0.5
    if char.isalpha():
        return -1.0 if "\u0600" <= before <= "\u06ff" else -0.2
    return 0.2 if char in _QUOTES else -0.5


def _latin(before: str, char: str) -> float:
    if char.isalpha():
        if before > "\x7f" and before.isalpha():
            return -0.3
        if char in _NORDIC:
            return 0.3
        if before.isascii() and before.isalpha():
            if char.isupper() and before.islower():
                return -0.5
            return 0.9 if char in _TURKISH else 0.8
        return 0.3
    return 0.3 if char in _QUOTES and not (before > "\x7f" and before.isalpha()) else -0.5


_BY_CHARACTER: Final[dict[str, Callable[[str], float]]] = {
    "gb18030": _chinese,
    "big5hkscs": _taiwanese,
    "cp932": _japanese,
    "euc_jp": _japanese,
    "cp949": _korean,
}
_BY_NEIGHBOUR: Final[dict[str, Callable[[str, str], float]]] = {
    "cp1251": _cyrillic,
    "koi8_r": _cyrillic,
    "cp866": _cyrillic,
    "cp1256": _arabic,
    "cp1254": _latin,
    "cp1252": _latin,
}
