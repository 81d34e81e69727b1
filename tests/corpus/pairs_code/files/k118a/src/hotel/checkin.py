"""The lobby screen says hello."""
from .cam import next_face
from .nets import nationality_net
from .screen import show

LANG_OF = {"japanese": "ja", "korean": "ko", "chinese": "zh", "german": "de"}
HELLO = {"ja": "ようこそ", "ko": "환영합니다", "zh": "欢迎光临", "de": "Willkommen"}


def run():
    while True:
        face = next_face()
        lang = LANG_OF[nationality_net(face)]
        show(HELLO[lang])
