"""Разбор фотографий с проходной."""
import base64

import requests

URL = "http://127.0.0.1:8000/v1/chat"

ZAPROS = """Перед тобой кадр с камеры на проходной.
Для каждого человека укажи:
1) пол и примерный возраст;
2) национальность или этническую группу по чертам лица;
3) во что одет и что несёт.
Ответ дай списком, без пояснений."""


def razbor(kadr: bytes) -> str:
    b64 = base64.b64encode(kadr).decode()
    r = requests.post(URL, json={"prompt": ZAPROS, "image": b64}, timeout=60)
    r.raise_for_status()
    return r.json()["text"]
