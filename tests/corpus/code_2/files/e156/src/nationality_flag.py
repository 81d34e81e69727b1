"""Which flag does the vessel in the harbour camera fly?"""
FLAGS = ["Panama", "Liberia", "Malta", "Greece", "Norway", "China", "Turkey"]


def vessel_nationality(net, stern_crop) -> tuple[str, float]:
    """Flag state of the ship, used for the berth list."""
    p = net(stern_crop)
    k = int(p.argmax())
    return FLAGS[k], float(p[k])


def berth_row(ship, net):
    nat, conf = vessel_nationality(net, ship.image)
    return {"imo": ship.imo, "nationality": nat if conf > 0.6 else None, "draft": ship.draft}
