# Classement des photos de chiens par race
from fastapi import FastAPI, UploadFile

from modele import ClassifieurRace

app = FastAPI(title="Quelle race de chien ?")
RACES = ["berger allemand", "labrador", "caniche", "husky", "teckel"]
clf = ClassifieurRace("poids/chiens_v3.onnx", RACES)


@app.post("/predire")
async def predire(photo: UploadFile):
    scores = clf(await photo.read())
    race = max(scores, key=scores.get)
    return {"race": race, "score": scores[race]}
