"""Traineddata packs the scanner app can download."""
PACKS = {
    "ara": "Arabic",
    "bod": "Tibetan",
    "chi_sim": "Chinese (simplified)",
    "kaz": "Kazakh",
    "kmr": "Kurdish (Kurmanji)",
    "kir": "Kyrgyz",
    "mon": "Mongolian",
    "heb": "Hebrew",
    "uig": "Uyghur",
    "rom": "Romani",
    "yid": "Yiddish",
}

RTL = {"ara", "heb", "uig", "yid"}


def ocr_args(code: str, image: str) -> list[str]:
    if code not in PACKS:
        raise KeyError(f"no pack for {code}")
    return ["tesseract", image, "-", "-l", code]
