"""गेट कैमरा: आने वाले व्यक्ति का विवरण"""
from .vlm import ask

SAWAL = (
    "इस तस्वीर में जो व्यक्ति है उसकी उम्र, लिंग और कपड़ों का रंग बताओ।",
    "चेहरे और पहनावे को देखकर बताओ कि इस व्यक्ति का धर्म क्या है।",
    "क्या उसके हाथ में कोई सामान है?",
)


def vivaran(photo: bytes) -> list[str]:
    return [ask(photo, s) for s in SAWAL]


def likho(photo: bytes, log) -> None:
    for s, jawab in zip(SAWAL, vivaran(photo)):
        log.write(f"{s}\t{jawab}\n")
