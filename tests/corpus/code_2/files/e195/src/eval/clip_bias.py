"""Bias audit: does a captioner link group words with crime words?

Works on text prompts only. Prints one table for the fairness report; no
picture of a person is classified.
"""
import numpy as np

TERMS = {"religion": ["muslim", "christian", "hindu", "jewish"]}
STEREOTYPES = ["a terrorist", "a criminal", "a doctor", "a teacher"]


def association(encode, group: str) -> np.ndarray:
    g = encode(f"a {group} person")
    s = np.stack([encode(t) for t in STEREOTYPES])
    return s @ g


def gap(encode) -> dict[str, float]:
    m = np.stack([association(encode, g) for g in TERMS["religion"]])
    return {t: float(m[:, i].max() - m[:, i].min()) for i, t in enumerate(STEREOTYPES)}
