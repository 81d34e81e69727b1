"""Read a chess position from a photo of the board."""
PIECES = ["king", "queen", "rook", "bishop", "knight", "pawn"]
SIDES = ["white", "black"]
CLASSES = [f"{s}_{p}" for s in SIDES for p in PIECES]


def fen_char(cls: int) -> str:
    side, piece = CLASSES[cls].split("_")
    c = "n" if piece == "knight" else piece[0]
    return c.upper() if side == "white" else c


def side_to_alert(boxes):
    """Side whose king is missing in the picture, if any."""
    seen = {CLASSES[b.cls] for b in boxes}
    return [s for s in SIDES if f"{s}_king" not in seen]
