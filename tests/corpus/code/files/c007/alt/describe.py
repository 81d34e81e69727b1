PROMPT = """Describe the scene in one or two sentences for a screen reader.
Mention the number of people, their clothing and what they do.
Do not describe faces."""


def describe(client, image_b64: str) -> str:
    r = client.chat(model="vlm-small", prompt=PROMPT, images=[image_b64], max_tokens=90)
    return r.text.strip()
