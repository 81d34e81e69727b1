LOCALES = {
    "az": "Azerbaijani",
    "bo": "Tibetan",
    "he": "Hebrew",
    "ka": "Georgian",
    "kk": "Kazakh",
    "ku": "Kurdish",
    "mn": "Mongolian",
    "tr": "Turkish",
    "ug": "Uyghur",
    "uz": "Uzbek",
    "za": "Zhuang",
}

RTL = {"ar", "fa", "he", "ug", "ur"}


def direction(code: str) -> str:
    return "rtl" if code.split("-")[0] in RTL else "ltr"
