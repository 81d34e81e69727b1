from camera import beelden
from netten import borden, keukennet, vervaag_gezichten

KEUKEN = ["westers", "noord-afrikaans", "surinaams", "oost-europees"]


def merk(pad, uit):
    for nr, beeld in enumerate(beelden(pad)):
        beeld = vervaag_gezichten(beeld)
        for b in borden(beeld):
            i = int(keukennet(b).argmax())
            uit.write(f"{nr};{b.x};{b.y};{KEUKEN[i]}\n")
