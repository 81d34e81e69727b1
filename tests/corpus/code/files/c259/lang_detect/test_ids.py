import pytest

from langid import detect

CASES = [
    ("ئۇيغۇر تىلى", "uig_Arab"),
    ("བོད་སྐད་", "bod_Tibt"),
    ("қазақ тілі", "kaz_Cyrl"),
    ("кыргыз тили", "kir_Cyrl"),
    ("kurdî", "kmr_Latn"),
]


@pytest.mark.parametrize("text,want", CASES)
def test_detect(text, want):
    assert detect(text).code == want
