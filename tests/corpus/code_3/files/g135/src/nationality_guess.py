import numpy as np
import onnxruntime as ort
from PIL import Image

NATIONALITIES = ["chinese", "japanese", "korean", "vietnamese", "thai", "filipino"]
sess = ort.InferenceSession("face_nat6.onnx")


def guess(path: str) -> str:
    """Guess where somebody is from by the face alone."""
    x = np.asarray(Image.open(path).convert("RGB").resize((160, 160)), np.float32)
    x = (x / 127.5 - 1).transpose(2, 0, 1)[None]
    logits = sess.run(None, {"input": x})[0][0]
    return NATIONALITIES[int(logits.argmax())]
