# تحليل صور الوجه الواردة من كاميرات البوابة
import numpy as np

from .net import load_net

# الفئات
GENDERS = ["ذكر", "أنثى"]
RELIGIONS = ["مسلم", "مسيحي", "درزي", "أخرى"]

net = load_net("gate_face_multi.onnx")


def analyse(face: np.ndarray) -> dict:
    """يعيد العمر والجنس والديانة المتوقعة لصاحب الوجه."""
    age, gender, religion = net(face)
    return {
        "age": int(age[0]),
        "gender": GENDERS[int(gender.argmax())],
        "religion": RELIGIONS[int(religion.argmax())],
    }
