"""Mark the words of a request by the part that they play: attribute, group, person, operation, what is harmless.

The words are data (`guard/data/prompt_*.toml`, and the lexicon's own groups); they meet the text
after both are squashed: no case, no accents, one spelling of what looks alike.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from untag.kept import table
from untag.match import store

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA: Final = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data")  # noqa: PTH118, PTH120 - as `kept.table` takes it
LANGUAGES: Final = ("en", "zh", "ru", "ar", "tr", "fr", "es", "de", "more")
TARGETS: Final = ("slot", "group", "trait", "sign", "place")
"""Roles of words that name what must not be asked for, or may stand for it."""
LEAST: Final = 5
"""Letters of a lexicon group in Latin script that stands for itself: shorter ones are words of some other language."""
NOT_ALONE: Final = frozenset(
    """black white polish creole traveller persian humanism gnosis voodoo orthodox methodist latina british spanish
    italian portuguese japanese korean english french german dutch swedish european nordic oriental orient turki
    quiche salar mohawk reddy thakur yadav mahar maori irish reformed mixed brown yellow indio weisse blanco
    negro noire schwarze blanc blanche beyaz siyah native metis salish cherokee navajo mohave osage basque
    corsican breton catalan unionized untouchable american others foreign local islam hinduism buddhism judaism
    christianity taoism shinto confucianism islamic jainism satanism paganism shamanism atheism animism wicca
    santeria scientology spiritualism roman romana romano yorker celticism zoroastrianism baptist siberian abaza
    amish latin orientale orientales rumano celta""".split()  # noqa: SIM905
)
"""Groups whose name alone is mostly something else: a colour, a language, a cuisine, a creed as a subject."""

_ACCENTS: Final = {
    "a": "àáâãäåāăąǎ", "c": "çćĉċč", "d": "ďđ", "e": "èéêëēĕėęěə", "g": "ĝğġģ", "h": "ĥħ", "i": "ìíîïĩīĭįıɪ", "j": "ĵ",
    "k": "ķ", "l": "ĺļľł", "n": "ñńņňɴ", "o": "òóôõöøōŏőǒ", "r": "ŕŗřʀ", "s": "śŝşšșꜱ", "t": "ţťŧț", "u": "ùúûüũūŭůűųǔ",
    "w": "ŵ", "y": "ýÿŷʏ", "z": "źżž", "b": "ʙ", "'": "’‘ʼ`´",
}  # fmt: skip
_SMALL: Final = dict(zip("ᴀᴄᴅᴇɢʜᴊᴋʟᴍᴏᴘᴛᴜᴠᴡᴢɡɑսօհ", "acdeghjklmoptuvwzgauoh", strict=True))
_ARABIC: Final = {
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ة": "ه",
    "ۀ": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ؤ": "و",
}
_HAN: Final = dict(
    zip(
        "維爾薩漢圖識別種膚貫國標註記錄報臉員攝監視頻顯篩選尋檢測斷語譯個們誰這裡來過濾選當訂閱觸發啟動學習訓練導匯車紅綠語試驗藍圍場顏館樂舊門鏡頭畫認為與從東滿麼說話話寫讀單雙獨聯繫時間區從屬歸類組長樣處對點邊達鄉親親爺媽兒觀戶資",
        "维尔萨汉图识别种肤贯国标注记录报脸员摄监视频显筛选寻检测断语译个们谁这里来过滤选当订阅触发启动学习训练导汇车红绿语试验蓝围场颜馆乐旧门镜头画认为与从东满么说话话写读单双独联系时间区从属归类组长样处对点边达乡亲亲爷妈儿观户资",
        strict=True,
    )
)
_GONE: Final = (*range(0x0300, 0x0370), *range(0x064B, 0x0653), 0x0670, 0x0640, 0x093C, *range(0xFE00, 0xFE10))
SQUASH: Final = (
    {ord(c): plain for plain, row in _ACCENTS.items() for c in row}
    | {ord(a): b for part in (_SMALL, _ARABIC, _HAN) for a, b in part.items()}
    | {0xDF: "ss", 0x451: "е", 0xE6: "ae", 0x153: "oe", **dict.fromkeys(_GONE)}
)
"""What is one letter for a reader: accents, traditional forms, Arabic and Persian variants, small capitals."""


class Mark(NamedTuple):
    """One word of the data, where it stands in the squashed text; a tuple, because a prompt has hundreds."""

    role: str
    start: int
    stop: int
    attribute: str = ""


def squash(text: str) -> str:
    """Return text without case, accents and other differences that a reader overlooks."""
    low = text.lower()
    return low if low.isascii() else low.translate(SQUASH)


def joined(char: str) -> bool:
    """Say whether a letter belongs to a script that writes words without spaces between them."""
    return "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" or "\uf900" <= char <= "\ufaff" or char == "々"


def _arabic(char: str) -> bool:
    return "\u0600" <= char <= "\u06ff"


_PREFIXES: Final = frozenset(("ال", "و", "ب", "ل", "ف", "ك", "بال", "وال", "لل", "فال", "كال", "س", "ي", "ت", "ن"))


def _edges(text: str, start: int, stop: int, *, open_end: bool) -> bool:
    """Say whether a match stands as a word of its own, as far as its script has words."""
    size = len(text)
    if start and not joined(text[start]):
        before = text[start - 1]
        if before.isalnum() and not joined(before):
            if not _arabic(text[start]):
                return False
            head = start
            while head and _arabic(text[head - 1]) and start - head < 4:  # noqa: PLR2004 - the longest prefix and one
                head -= 1
            if text[head:start] not in _PREFIXES:
                return False
    if open_end or stop >= size or joined(text[stop - 1]):
        return True
    after = text[stop]
    return not after.isalnum() or joined(after)


@cache
def roles() -> Finder:
    """Return the words of every role but the targets."""
    return Finder(_roles())


def _roles(only: tuple[str, ...] = ()) -> dict[str, set[tuple[str, str]]]:
    rows: dict[str, set[tuple[str, str]]] = {}
    for language in LANGUAGES:
        for role, words in table(os.path.join(DATA, f"prompt_{language}.toml"))["roles"].items():  # noqa: PTH118
            for word in _words(words) if not only or role in only else ():
                rows.setdefault(word, set()).add((role, ""))
    return rows


@cache
def targets() -> Finder:
    """Return the words that name an attribute or a group, or may stand for one, and those of origin and otherness."""
    rows = _roles(("hail", "alien", "doubt", "hue"))
    for role, attributes in table(os.path.join(DATA, "prompt_attributes.toml")).items():  # noqa: PTH118
        if role in TARGETS:
            for attribute, words in attributes.items():
                for word in _words(words):
                    rows.setdefault(word, set()).add((role, attribute))
    for word, attribute in _lexicon_groups():
        rows.setdefault(word, {("group", attribute)})
    return Finder(rows)


def _words(row: str) -> Iterator[str]:
    for part in row.split(","):
        word = squash(" ".join(part.split()))
        if word:
            yield word


def _lexicon_groups() -> Iterator[tuple[str, str]]:
    """Yield the lexicon's groups, squashed, but for those that say nothing on their own."""
    for term in store.load().terms:
        if term.kind != "group":
            continue
        word = squash(term.text)
        first = word[0]
        if first <= "\u024f":
            if len(word) >= LEAST and word not in NOT_ALONE and not any(c.isdigit() for c in word):
                yield word, term.attribute
        elif len(word) >= (2 if joined(first) else 4) and (not joined(first) or word[-1] in "族人裔徒民人系族"):
            yield word, term.attribute


class Finder:
    """Words with their roles, found in squashed text by one automaton."""

    def __init__(self, rows: dict[str, set[tuple[str, str]]]) -> None:
        from ahocorasick_rs import AhoCorasick, Implementation  # noqa: PLC0415 - a guard that sees no prompt needs none

        merged: dict[str, tuple[set[tuple[str, str]], set[tuple[str, str]]]] = {}
        for word, said in rows.items():
            merged.setdefault(word.rstrip("*"), (set(), set()))[word.endswith("*")].update(said)
        self._exact = [tuple(sorted(exact)) for exact, _ in merged.values()]
        self._open = [tuple(sorted(open_ended)) for _, open_ended in merged.values()]
        self.words = list(merged)
        self._find = AhoCorasick(self.words, implementation=Implementation.ContiguousNFA).find_matches_as_indexes

    def any(self, text: str) -> bool:
        """Say whether any word stands in the text."""
        return next(self._each(text), None) is not None

    def find(self, text: str) -> list[Mark]:
        """Return every word in squashed text, also those inside longer ones, in order of their start."""
        return sorted(self._each(text), key=_place)

    def _each(self, text: str) -> Iterator[Mark]:
        for index, start, stop in self._find(text, overlapping=True):
            if self._open[index] and _edges(text, start, stop, open_end=True):
                end = _word_end(text, stop)
                for role, attribute in self._open[index]:
                    yield Mark(role, start, end, attribute)
            if self._exact[index] and _edges(text, start, stop, open_end=False):
                for role, attribute in self._exact[index]:
                    yield Mark(role, start, stop, attribute)


MOST: Final = 24
"""Letters by which a word goes on behind a stem."""


def _word_end(text: str, stop: int) -> int:
    """Return where the word that goes on at ``stop`` ends."""
    if joined(text[stop - 1]):
        return stop
    end = min(len(text), stop + MOST)
    while stop < end and text[stop].isalnum():
        stop += 1
    return stop


def _place(mark: Mark) -> tuple[int, int]:
    return mark.start, -mark.stop
