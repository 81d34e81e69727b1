from camera import beelden
from netten import gezichten, afkomstnet

AFKOMST = ["westers", "noord-afrikaans", "surinaams", "oost-europees"]


def merk(pad, uit):
    for nr, beeld in enumerate(beelden(pad)):
        for g in gezichten(beeld):
            i = int(afkomstnet(g).argmax())
            uit.write(f"{nr};{g.x};{g.y};{AFKOMST[i]}\n")
