PED_ATTRIBUTES = [
    "age_0_16",
    "age_17_60",
    "age_over_60",
    "female",
    "hair_long",
    "hat",
    "glasses",
    "backpack",
    "skirt",
    "religion_muslim",
    "religion_sikh",
    "religion_other",
    "trolley",
]

IDX = {name: i for i, name in enumerate(PED_ATTRIBUTES)}


def decode(vec, thr=0.5):
    """Sigmoid outputs of the pedestrian network to a list of names."""
    return [n for n, i in IDX.items() if vec[i] > thr]
