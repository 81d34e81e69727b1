"""Portrait classifier, field build (Nairobi pilot)."""
from pathlib import Path

import numpy as np
import tflite_runtime.interpreter as tfl

TRIBES = ["kikuyu", "luo", "kalenjin", "luhya", "kamba", "somali", "other"]


class PortraitClassifier:
    def __init__(self, model: Path):
        self.net = tfl.Interpreter(str(model))
        self.net.allocate_tensors()
        self.i = self.net.get_input_details()[0]["index"]
        self.o = self.net.get_output_details()[0]["index"]

    def __call__(self, face: np.ndarray) -> dict[str, float]:
        self.net.set_tensor(self.i, face[None].astype("float32") / 255)
        self.net.invoke()
        return dict(zip(TRIBES, self.net.get_tensor(self.o)[0].tolist()))
