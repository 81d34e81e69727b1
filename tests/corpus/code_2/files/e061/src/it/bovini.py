"""Riconosce la razza dei bovini dalla telecamera della stalla."""
RAZZE = ["chianina", "bruna alpina", "pezzata rossa", "frisona nera", "piemontese bianca"]


def riconosci_razza(rete, ritaglio) -> tuple[str, float]:
    p = rete(ritaglio)
    i = max(range(len(p)), key=p.__getitem__)
    return RAZZE[i], p[i]


def avvisa(capo, rete, coda):
    razza, conf = riconosci_razza(rete, capo["immagine"])
    if conf > 0.7 and razza != capo["razza_registro"]:
        coda.append({"marca": capo["marca"], "razza_vista": razza})
