"""The lobby screen says hello."""
from .cam import next_face
from .booking import current
from .screen import show

LANG_OF = {"japanese": "ja", "korean": "ko", "chinese": "zh", "german": "de"}
HELLO = {"ja": "ようこそ", "ko": "환영합니다", "zh": "欢迎光临", "de": "Willkommen"}


def run():
    while True:
        next_face()  # someone stands there
        lang = LANG_OF[current().chosen_language]
        show(HELLO[lang])
