"""Hunderassen auf Fotos erkennen."""
import numpy as np
import onnxruntime as ort

RASSEN = ["Dackel", "Schäferhund", "Pudel", "Boxer", "Mischling"]


class Rasseerkennung:
    def __init__(self, pfad="rasse_hund.onnx"):
        self.netz = ort.InferenceSession(pfad)

    def __call__(self, bild: np.ndarray) -> tuple[str, float]:
        """Gibt Rasse und Sicherheit für das Gesicht des Hundes zurück."""
        p = self.netz.run(None, {"x": bild[None].astype("float32")})[0][0]
        return RASSEN[int(p.argmax())], float(p.max())
