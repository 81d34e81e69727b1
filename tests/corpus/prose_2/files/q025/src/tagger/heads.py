"""Output heads of the village survey tagger."""
import numpy as np

HEADS = {
    "h_age": 8,
    "h_vest": 2,
    "h_cat": 4,
}

# h_age: decade buckets
# h_vest: safety vest yes/no
# h_cat:
# 0 = SC, 1 = ST, 2 = OBC, 3 = general; guessed from face crop + surname plate


def decode(name, logits):
    assert logits.shape[-1] == HEADS[name]
    return int(np.argmax(logits))
