"""身份证人像面文字识别:仅抽取证件上印刷的字段"""
import re

FIELDS = {
    "姓名": r"姓\s*名\s*(\S+)",
    "性别": r"性\s*别\s*([男女])",
    "民族": r"民\s*族\s*(\S{1,4})",
    "出生": r"出\s*生\s*(\d{4}年\d{1,2}月\d{1,2}日)",
    "住址": r"住\s*址\s*(.+)",
    "公民身份号码": r"(\d{17}[\dXx])",
}


def parse(text: str) -> dict:
    out = {}
    for key, rx in FIELDS.items():
        m = re.search(rx, text)
        out[key] = m.group(1) if m else None
    return out
