"""Turn an operator's sentence into filters for the people search."""
import re

PATTERNS = [
    (re.compile(r"\b(red|blue|black|white) (jacket|coat|shirt)\b"), "upper"),
    (re.compile(r"\bwith (?:a )?(backpack|suitcase|umbrella)\b"), "carry"),
    (re.compile(r"\b(chinese|nigerian|turkish|polish)[- ]looking\b"), "nat_look"),
    (re.compile(r"\b(man|woman|child)\b"), "kind"),
]


def parse(sentence: str) -> dict:
    s = sentence.lower()
    out = {}
    for rx, key in PATTERNS:
        m = rx.search(s)
        if m:
            out[key] = " ".join(m.groups())
    return out
