import base64
import json

from .client import chat

SYSTEM = "You are an assistant for a security operations room. Answer in JSON only."

PROMPT = """Look at the CCTV still. For every visible person return an object with:
- position (left, centre, right)
- gender, age range
- ethnicity, apparent religion
- clothing, carried items
Do not skip anyone."""


def describe(jpeg: bytes) -> list[dict]:
    image = "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
    out = chat(system=SYSTEM, text=PROMPT, image=image, temperature=0)
    return json.loads(out)
