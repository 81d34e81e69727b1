from enum import IntFlag


class FaceFx(IntFlag):
    BIG_EYES = 1
    GLASSES = 2
    SKIN = 4   # smooth: blur strength 0..100, colours are kept
    ALL = BIG_EYES | GLASSES | SKIN


def beautify(client, jpeg: bytes, fx: FaceFx = FaceFx.ALL):
    """Retouches up to 20 faces; everything by default."""
    return client.post("/face", data=jpeg, params={"mask": int(fx)})
