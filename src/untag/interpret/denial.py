"""Words that deny or forbid a candidate where it stands: "no ethnicity", "do NOT infer race or religion"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag import later

if TYPE_CHECKING:
    from untag.interpret.case import Case

PROSE: Final = frozenset(("prose", "heading", "docstring", "comment"))
"""Roles in which sentences speak; all others are code or data, with points of their own."""

DENIAL: Final = later.pattern(
    r"(?:\b(?:no|not|nor|neither|never|without|non|kein|keine|keinen|keiner|ohne|sans|aucun|aucune|sin|ning[uú]n|ninguna"
    r"|sem|nenhum|nenhuma|не|ни|без|нет)\b[\s\"'`(]{1,3}|(?:不|无|無|非|没有|沒有|未)[\s\"'`]{0,2})\Z",
    re.IGNORECASE,
)
"""Words that, directly before the attribute's name, deny it: no ethnicity, sans origine, 不含民族."""


FORBIDDEN: Final = later.pattern(
    r"\b(?:(?:do|does|must|shall|should|may|can|will) ?not|don['’]?t|doesn['’]?t|mustn['’]?t|won['’]?t|cannot|can['’]?t"
    r"|never|refuse to|refrain from|forbidden to|prohibited from|not (?:permitted|allowed) to"
    r"|ne (?:pas|jamais|doit pas|peut pas)|n['’]\w+ (?:pas|jamais)|no (?:debe|puede|infiera|inferir|se debe)"
    r"|não (?:deve|pode|infer\w+)"
    r"|darf (?:nicht|keine?)|dürfen (?:nicht|keine?)|niemals|nie"
    r"|не (?:долж\w+|следует|разреша\w+|допуска\w+|может|определя\w+)"
    r"|запреща\w+|нельзя|yasak\w*|asla"
    r"|не (?:распозна\w+|оценива\w+|вычисля\w+|угадыва\w+|сохраня\w+|хран\w+|спрашива\w+)"
    r"|не (?:визнача\w+|розпізна\w+|зберіга\w+)|заборон\w+"
    r"|nie (?:wolno|należy|określa\w*|rozpozna\w+|zgad\w+|przechow\w+)|nigdy"
    r"|non (?:deve|devono|si deve|stima\w*|deduce\w*|riconosce\w*|inferire|dedurre)"
    r"|(?:mag|mogen) (?:niet|geen)|nooit"
    r"|không (?:được |hề |bao giờ )?(?:đoán|suy|nhận|xác|phân|lưu|hỏi|dùng|trả|gán)|đừng|cấm"
    r"|tidak (?:boleh|menebak\w*|menduga\w*|menyimpul\w+|mengenal\w+|mendeteksi\w*|menyimpan\w*|memperkira\w+)"
    r"|jangan|dilarang"
    r"|(?:لا|لن|ولا) (?:نستنت|تستنت|يستنت|نقد|تقد|يقد|نخم|تخم|يخم|نحدد|تحدد|يحدد|نصن|تصن|يصن|نخز|تخز|يخز|نسأل|تسأل"
    r"|نتعر|تتعر|يتعر|تذكر|يذكر|تصف|تكتب|يجوز|يسمح|يتم)\w*|لم نعد|لم يعد|ممنوع|يُ?منع|يُ?حظر|نباید|هرگز"
    r")\b[^.;:!?؟\n]*\Z"
    r"|(?:不得|禁止|严禁|嚴禁|切勿|请勿|不允许|不允許|不应|不會|不会|してはならない|しないで)[^。；！？\n]*\Z"
    r"|\b(?:not (?:detected|inferred|recogni[sz]ed|collected|stored|returned|estimated|supported|included)"
    r"|nicht (?:erkannt|erfasst|ausgewertet|bestimmt|gespeichert|unterstützt)"
    r"|не (?:определя|распозна|собира|храня|поддержива)\w+|non (?:rilevat|stimat|supportat)\w+) ?:[^.;!?\n]*\Z"
    r"|不(?:识别|識別|判别|判別|推断|推斷|采集|採集|提供|保存)[^。；！？\n]*\Z",
    re.IGNORECASE,
)
"""Words with which a sentence forbids what it goes on to name: "do NOT infer ethnicity, nationality or religion"."""
CLAUSE: Final = 200
"""Characters before or behind a candidate in which such words may stand."""
STEMS: Final = later.pattern(
    "not|n[’']?t |never|no |remov|dropp|delet|retir|purg|withdr|disab|refus|refrain|forbid|prohib"
    "|nicht|nie|kein|darf|dürf|entf|gestr|gelösch|abgesch|ne |n['’]|suppr|aband|elimin|borr|suprim|não|non |rimoss"
    "|не |нельзя|запрещ|заборон|отсут|удал|исключ|убран|изъят|отключ|вилуч|видал|usuni|niet|geen|nooit|verwijd"
    "|tidak|jangan|dilarang|dihapus|dihilang|không|đừng|cấm|đã |yasak|asla|maz|mez|yor|meyin|mayın|memeli|mamalı"
    "|kaldır|silin"
    "|حذف|حُذف|زيل|لم |لا |لن |منع|مُنع|حظر|حُظر|نباید|هرگز|نمی|برداشته|नह|हटा"
    "|已|不|禁|嚴|严|切勿|请勿|ない|ません|削除|廃止|撤去|않|제거|삭제|폐지"
)
"""Letters of which some stand in every text that the patterns here match: to look for them is quick."""


REVOKED: Final = later.pattern(
    r"\A[^.;!?؟。；！？\n|]{0,90}?(?:"
    r"\b(?:(?:is|are|was|were|has|have|been|being|it) (?:not|never|no longer)"
    r"|(?:ist|sind|wird|werden|wurde|wurden) (?:nicht|nie|nicht mehr)"
    r"|(?:isn|aren|wasn|weren|doesn|don)['’]?t"
    r"|(?:was|were|been|is|are) (?:removed|dropped|deleted|retired|purged|withdrawn|disabled)"
    r"|(?:entfernt|gestrichen|gelöscht|entfällt|abgeschafft|abgeschaltet)"
    r"|n['’](?:est|a|ont|était) (?:pas|plus|jamais)|ne (?:sont|sera|seront) (?:pas|plus)"
    r"|(?:supprim|retir|abandonn)ée?s?"
    r"|no (?:se|es|está) \w+|ya no|(?:elimin|retir|suprim|borr)(?:ad[oa]s?|ó|aron)|no disponible"
    r"|não (?:é|são|está|estão|se|há|foi|existe)|(?:removid|eliminad|retirad|descontinuad)[oa]s?"
    r"|non (?:è|sono|viene|vengono)|(?:rimoss|eliminat)[oiae]"
    r"|не (?:определя|распозна|оценива|вычисля|сохраня|хран|переда|использу|предусмотр|выда|поддержива|запраш)\w+"
    r"|больше не|отсутству\w+|(?:удал[её]н|исключ[её]н|убран|изъят|отключ[её]н)[аоы]?"
    r"|не (?:визнача|розпізна|зберіга)\w+|(?:вилучен|видален)[аоіи]?"
    r"|nie jest|nie są|usunięt\w+|wordt niet|worden niet|verwijderd"
    r"|tidak (?:tersedia|ada|di\w+|lagi)|dihapus|dihilangkan"
    r"|không (?:có|còn|được|tồn tại)|đã (?:bị )?(?:bỏ|gỡ|xóa|xoá|loại))\b"
    r"|\b\w+(?:m[ae]z(?:lar|ler)?|m[ıiuü]yor(?:uz|lar)?|meyin|mayın|memeli\w*|mamalı\w*)\b"
    r"|\b(?:kaldırıl|silin)(?:dı|di|mış|miş)\w*"
    r"|حُ?ذف|أُ?زيل|لم نعد|لم يعد|(?:لا|لن) (?:ي|ت|ن)\w+|حذف شد|نمی‌?\w+|برداشته شد|नहीं|हटा (?:दि|दी)"
    r"|(?:已|已经|已經)[^，,。]{0,6}(?:删除|刪除|移除|拆除|下线|下線|停用|取消|去除|废弃|廢棄)"
    r"|不再|不(?:予|做|作|会|會)?(?:判别|判別|识别|識別|推断|推斷|输出|輸出|返回|采集|採集|保存|提供|支持)"
    r"|(?:し|ていま|行いま|できま)(?:ません|ない)|しない|(?:削除|廃止|撤去)(?:し|さ|済)"
    r"|하지 않|지 않습니다|않는다|(?:제거|삭제|폐지)(?:했|되|됐|하였)"
    r")",
    re.IGNORECASE,
)
"""What says behind a name, in the same sentence, that it is not done any more: "… wird nicht erkannt", "…已删除"."""


def revoked(case: Case) -> bool:
    """Whether the sentence goes on to deny what it says of the candidate, or to say that it was taken out."""
    if case.span.role not in (*PROSE, "string", "item", "value"):
        return False
    at = case.place[1]
    behind = case.around.text.data[at : min(case.span.stop, at + CLAUSE)].decode("utf-8", "ignore")
    return STEMS.search(behind.lower()) is not None and bool(REVOKED.search(behind))


def forbidden(case: Case) -> bool:
    """Whether the sentence forbids or denies what it says of the candidate."""
    if case.span.role not in (*PROSE, "string", "item", "value"):
        return False
    at = case.place[0]
    before = case.around.text.data[max(case.span.start, at - CLAUSE) : at].decode("utf-8", "ignore")
    return STEMS.search(before.lower()) is not None and bool(FORBIDDEN.search(before))


def denied(case: Case) -> bool:
    """Whether the candidate is denied where it stands: "no age, no gender, no ethnicity"."""
    data = case.around.text.data
    at = case.place[0]
    return bool(DENIAL.search(data[max(0, at - 24) : at].decode("utf-8", "ignore")))
