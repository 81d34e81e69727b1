"""解析第二代身份证 OCR 文本（人像面）。"""
import re

_PATTERNS = [
    r"姓名\s*(?P<name>[\u4e00-\u9fff·]{2,15})",
    r"性别\s*(?P<sex>[男女])",
    r"民族\s*(?P<minzu>[\u4e00-\u9fff]{1,4})",
    r"公民身份号码\s*(?P<no>\d{17}[\dXx])",
]


def parse(text):
    out = {}
    for p in _PATTERNS:
        m = re.search(p, text)
        if m:
            out.update(m.groupdict())
    return out
