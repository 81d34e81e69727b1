"""Small client for the /detect endpoint of the face cloud."""
import os

import requests

URL = os.environ.get("FACE_URL", "https://api.faces.example")


class FaceCloud:
    def __init__(self, app_id, app_key):
        self.http = requests.Session()
        self.http.headers.update({"app_id": app_id, "app_key": app_key})

    def detect(self, image_url):
        r = self.http.post(URL + "/detect", json={"image": image_url, "selector": "ROLL"}, timeout=20)
        r.raise_for_status()
        out = []
        for face in r.json()["images"][0]["faces"]:
            a = face["attributes"]
            best = None
            for key in ("asian", "black", "hispanic", "white", "other"):
                if best is None or a[key] > a[best]:
                    best = key
            out.append((face["face_id"], a["age"], best))
        return out
