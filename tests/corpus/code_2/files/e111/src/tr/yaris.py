"""At yarışı: bitiş çizgisi fotoğrafından sıralama."""

IRKLAR = {"A": "Arap atı", "I": "İngiliz atı"}


def sirala(atlar):
    """atlar: (numara, burun_sutunu, irk_kodu)"""
    return [n for n, _, _ in sorted(atlar, key=lambda a: a[1])]


def irka_gore(atlar, kod):
    if kod not in IRKLAR:
        raise KeyError(kod)
    return [n for n, _, k in atlar if k == kod]


def foto_adi(kosu, numara):
    return f"kosu{kosu:02d}_at{numara}.jpg"
