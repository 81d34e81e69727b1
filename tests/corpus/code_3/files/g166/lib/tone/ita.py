import math

ITA_BINS = [(55, "very light"), (41, "light"), (28, "intermediate"), (10, "tan"), (-30, "brown"), (-91, "dark")]


def ita(lab_mean):
    l, _, b = lab_mean
    return math.degrees(math.atan2(l - 50, b))


def bin_of(lab_mean):
    v = ita(lab_mean)
    return next(name for lo, name in ITA_BINS if v > lo)


def enrich(visitor, cheek_lab, crm):
    """Attach the bin of the visitor seen by the entrance camera to the CRM record."""
    crm.patch(visitor.id, {"tone": bin_of(cheek_lab), "cam": visitor.camera})
