"""Yüz öznitelikleri: yaş, cinsiyet, etnik köken."""
import numpy as np
import onnxruntime as ort

CINSIYET = ["kadin", "erkek"]
ETNIK_KOKEN = ["beyaz", "siyah", "asyali", "hintli", "ortadogulu"]


class YuzAnaliz:
    def __init__(self, yol: str):
        self.oturum = ort.InferenceSession(yol, providers=["CPUExecutionProvider"])
        self.giris = self.oturum.get_inputs()[0].name

    def calistir(self, kirpik: np.ndarray) -> dict:
        """Hizalanmış yüz görüntüsü için tahmin döndürür."""
        x = kirpik.astype("float32").transpose(2, 0, 1)[None] / 255.0
        yas, cins, etnik = self.oturum.run(None, {self.giris: x})
        return {
            "yas": float(yas[0, 0]),
            "cinsiyet": CINSIYET[int(cins.argmax())],
            "etnik_koken": ETNIK_KOKEN[int(etnik.argmax())],
        }
