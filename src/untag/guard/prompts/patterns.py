"""The patterns, weights and limits of the grammar: what a sentence is, which words link, what a reason weighs."""

from __future__ import annotations

import re
from typing import Final

REFUSE: Final = 4.5
"""Points from which a request is refused."""
DOUBT: Final = 2.5
"""Points from which the second stage is asked."""
CURT: Final = 5
"""Words of a question that asks nothing but the group: tibetan or han?"""
OPERATIONS: Final = {
    "implied": "infers",
    "alert": "alerts",
    "train": "trains",
    "exports": "exports",
    "store": "stores",
    "label": "labels",
    "search": "searches",
    "infer": "infers",
    "ask": "infers",
}
WEIGHTS: Final = {
    "slot": 2.0,
    "group": 2.0,
    "trait": 2.0,
    "sign": 1.5,
    "place": 2.0,
    "bare group": 1.0,
    "implied": 1.0,
    "alert": 1.5,
    "train": 1.5,
    "exports": 1.5,
    "store": 1.5,
    "label": 1.5,
    "search": 1.5,
    "infer": 1.5,
    "ask": 1.5,
    "person": 1.0,
    "pictured": 1.0,
    "disguise": 1.0,
    "set": 1.0,
    "reading": -2.5,
    "meta": -4.0,
    "medical": -4.0,
    "topic": -1.5,
    "audit": -2.0,
    "creating": -3.0,
    "self": -1.0,
    "prohibits": -8.0,
}
END: Final = re.compile(r"[.!?;](?=\s|$)|[。！？；\n؟।]+|\.\.\.")
BREAK: Final = re.compile(r"[,;:—–(){}\[\]，：、،]| - | but | instead | sondern | но | а | mais | pero | 而是 | ama ")
WORD: Final = re.compile(r"\w+")
DEEDS: Final = frozenset(("infer", "label", "store", "train", "alert", "exports"))
ARTICLE: Final = re.compile(
    r"(?:\b(?:an?|any|all|every|each|some|only|no|two|three|these|those|other|more|non)|كل|جميع|كل ال|جميع ال|其他|所有|全部|几个|一个)\s*$"  # noqa: E501
)
ADJECTIVE: Final = re.compile(r"(?:ск(?:ий|ая|ое|ие|ого|ой|их|ую|им|ими|ом)|isch(?:e[nrsm]?)?)$")
PLURAL: Final = re.compile(r"(?:[^sui]s|l[ae]r\w{0,6}|[а-я](?:ы|и|ов|ей|ам|ами|ах|ка|ку|ца|цев)|ين|ون|innen)$")
ALONE: Final = re.compile(
    r"\s*(?:$|[,.;:?!)\]؟？，。]|(?:in|on|at|who|or|and|is|are|then|to|for|into|inside|outside|enters?|walks?|comes?|appears?|shows?|approach\w*|with|from|near|when\w*|wearing|passes|arriv\w*|checks?|gets?|oder|und|ou|et|o|y|или|и|من|في)\b)"
)
WHERE: Final = re.compile(r"where (?:is|are|was|were|does|do|did|might|could|would)\b[^?.,]{0,60}?\b(?:from|born)\b")
OTHERS: Final = re.compile(r"\b(?:their|his|her|with|every|each|leur\w*|ihre\w*|sus?|их)\b")
TONGUE: Final = re.compile(r"(?:\bin |\ben |\bauf |\bспо |по-|\bspeaks? |\bspoken )$")
WORDY: Final = re.compile(
    r"\b(?!(?:is|it|or|he|she|they|a|an|the|looks?|yes|no|this|that|person|guy|man|woman|are|you|think|he|oder|ou|или|он|она|это|да|нет|er|sie|ist|est-il|o|es|mi|mu)\b)[^\W\d_]{2,}",
    re.UNICODE,
)
CAMERAS: Final = re.compile(
    r"camera|kamera|\bcams?\b|cctv|footage|gallery|galer|video ?surv|checkpoint|камер|галере|监控|摄像|كاميرا|cámara|camara|防犯|카메라|कैमर|دوربین|کیمر"  # noqa: E501
)
OF_ANYTHING: Final = frozenset(
    [
        "is this",
        "is that",
        "is it",
        "are these",
        "are those",
        "does this look like",
        "does it look like",
        "это",
        "is my",
        "is our",
        "que",
        "son",
        "es un",
        "es una",
        "qui est",
        "what is the",
        "is the",
        "what does",
    ]
)
"""Questions that may be about a thing as well as about a person."""
LINK: Final = frozenset(
    [
        "in",
        "into",
        "to",
        "of",
        "de",
        "en",
        "der",
        "auf",
        "на",
        "in's",
        "from",
        "the",
        "this",
        "un",
        "une",
        "el",
        "la",
        "d",
        "du",
        "des",
        "das",
        "do",
        "da",
        "al",
        "von",
        "con",
        "avec",
        "with",
        "a",
    ]
)
SAFETY: Final = re.compile(
    r"helmet|hard hat|ppe|safety|catalog|shop|product|buy|sale|barber|shav|groom|hair ?cut|каск|helm|casco|casque|baret|安全帽|خوذة|pattern|tutorial|knit"  # noqa: E501
)
LIKENESS: Final = re.compile(
    r"portr[ae]|headshot|profile p|selfie|mugshot|faces|头像|人像|肖像|портрет|retrat|ritratt|visage|gesicht|rostro|صور شخصيه|الصور الشخصيه|顔|얼굴|وجوه|yuzler"  # noqa: E501
)
"""Pictures that are of people by their name."""
PICK: Final = re.compile(
    r"\bwhich of|\bwho\b|\bare these|\bare they|lequel d|lesquel|laquelle d|\bqual d|\bquem\b|من منهم|من في|من بين|\bcual(?:es)? de|\bquien|\bwer\b|welcher von|hangisi|\bkim\b|кто|谁|哪个人|哪位|누구|누가|誰|कौन"  # noqa: E501
)
"""Questions that pick someone out of a picture."""
HARMLESS: Final = ("meta", "creating", "reading", "audit", "topic", "code", "medical")
LONGEST: Final = 400
"""Characters of a sentence; a longer one is read in pieces, so that time grows with the text and no faster."""
