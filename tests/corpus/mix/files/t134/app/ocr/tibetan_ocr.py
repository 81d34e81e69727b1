"""Line recogniser for Tibetan, Uyghur and Mongolian prints."""
import logging
from pathlib import Path

import onnxruntime as ort

LOG = logging.getLogger(__name__)
MODELS = {"bo": "tibetan_crnn.onnx", "ug": "uyghur_crnn.onnx", "mn": "mongolian_v.onnx"}


class LineOCR:
    def __init__(self, lang, root=Path("models")):
        if lang not in MODELS:
            raise KeyError(lang)
        self.is_uyghur = lang == "ug"  # right to left
        self.sess = ort.InferenceSession(str(root / MODELS[lang]))
        LOG.info("using %s", MODELS[lang])

    def read(self, line_image):
        if self.is_uyghur:
            line_image = line_image[:, ::-1]
        logits = self.sess.run(None, {"x": line_image})[0]
        return logits.argmax(-1)
