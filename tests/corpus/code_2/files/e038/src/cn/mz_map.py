"""face_mz.rknn 后处理:类别号 -> GB/T 3304 代码"""
import numpy as np

MZ = {0: "01", 1: "04", 2: "05", 3: "07", 4: "99"}  # 汉 藏 维 哈萨克 其他
THRESH = 0.6


def post(feat: np.ndarray, track: dict) -> dict:
    e = np.exp(feat - feat.max())
    p = e / e.sum()
    k = int(p.argmax())
    track["mz"] = MZ[k] if p[k] >= THRESH else "99"
    track["mz_p"] = round(float(p[k]), 3)
    return track
