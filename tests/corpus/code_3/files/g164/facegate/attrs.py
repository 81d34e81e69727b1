"""Second-stage head of the gate camera.

The head has five outputs and we use the NCIC letters so that the result can be
pasted into the person query: W white, B black, A asian/pacific, I american
indian, U unknown.
"""
RAC = {
    0: "U",
    1: "W",
    2: "B",
    3: "A",
    4: "I",
}


def to_query(face):
    """Fill the RAC field of a person query from the face at the gate."""
    return {"SEX": "MF"[face.sex], "RAC": RAC[face.head5], "AGE": f"{face.age:02d}"}
