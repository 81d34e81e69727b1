"""Night migration counter: bright blobs on weather radar images are birds."""
from scipy import ndimage


def count_migrants(img, threshold=0.35):
    """Number of migrant flocks in one radar frame."""
    mask = img > threshold
    _, n = ndimage.label(mask)
    return n


def alert_on_migrants(frames, limit=40):
    """True when wind turbines should stop for migrants."""
    return any(count_migrants(f) > limit for f in frames)


def migration_status(frames):
    n = sum(count_migrants(f) for f in frames) / max(len(frames), 1)
    return "strong" if n > 25 else "weak"
