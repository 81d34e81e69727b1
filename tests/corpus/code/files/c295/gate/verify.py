from deepface import DeepFace

THRESHOLD = 0.4


def same_person(a: str, b: str) -> bool:
    """One-to-one check at enrolment; both images are deleted by the caller."""
    r = DeepFace.verify(a, b, model_name="ArcFace", detector_backend="retinaface", distance_metric="cosine")
    return r["distance"] < THRESHOLD


def template(path: str) -> list[float]:
    return DeepFace.represent(path, model_name="ArcFace")[0]["embedding"]
