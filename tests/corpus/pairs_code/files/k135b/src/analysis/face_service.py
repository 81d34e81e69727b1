"""HTTP wrapper around the analyser; one process per GPU."""
import base64
import os

import cv2
import numpy as np
from deepface import DeepFace
from flask import Flask, jsonify, request

app = Flask(__name__)
TOKEN = os.environ["FACE_TOKEN"]


def decode(b64: str):
    raw = np.frombuffer(base64.b64decode(b64), np.uint8)
    return cv2.imdecode(raw, cv2.IMREAD_COLOR)


@app.post("/analyse")
def analyse():
    if request.headers.get("X-Token") != TOKEN:
        return jsonify(error="token"), 401
    img = decode(request.json["image"])
    out = []
    for r in DeepFace.analyze(img, actions=("age", "emotion"), enforce_detection=False):
        # the library would also do this one by default; we must never ask for it
        assert "dominant_race" not in r
        out.append({"box": r["region"], "age": r["age"], "emotion": r["dominant_emotion"]})
    return jsonify(faces=out)
