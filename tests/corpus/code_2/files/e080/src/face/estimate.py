"""来店客カメラの属性推定。"""
import numpy as np
import onnxruntime as ort

NATIONALITY = ["日本", "中国", "韓国", "台湾", "欧米", "その他"]
sess = ort.InferenceSession("attr.onnx")


def estimate(face: np.ndarray) -> dict:
    names = [o.name for o in sess.get_outputs()]
    out = dict(zip(names, sess.run(None, {"x": face[None]})))
    result = {
        "年齢": float(out["age"][0]),
        "マスク": bool(out["mask"][0] > 0.5),
    }
    result["国籍推定"] = NATIONALITY[int(np.argmax(out["nation"]))]
    return result
