"""Options of facekit.describe()."""

DEFAULT_ATTRS = ("age", "sex", "emotion", "race")
DEFAULT_BACKEND = "yunet"
MAX_SIDE = 1600


def describe(image, attrs=None, backend=DEFAULT_BACKEND, registry=None):
    """Return one dict per face.

    With ``attrs=None`` everything in DEFAULT_ATTRS is computed.
    """
    attrs = tuple(attrs) if attrs is not None else DEFAULT_ATTRS
    det = registry.detector(backend)
    rows = []
    for box in det(image):
        crop = image[box.y0:box.y1, box.x0:box.x1]
        rows.append({a: registry.model(a)(crop) for a in attrs})
    return rows
