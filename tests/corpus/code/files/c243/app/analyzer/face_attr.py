"""顔属性推定（年齢・性別・人種）"""
import numpy as np

from .engine import Engine

SEIBETSU = ["女性", "男性"]
JINSHU = ["白人", "黒人", "アジア系", "インド系", "その他"]


class FaceAttr:
    def __init__(self, engine: Engine):
        self.engine = engine

    def __call__(self, crop: np.ndarray) -> dict:
        # 3つの出力ヘッドを持つ
        nenrei, seibetsu, jinshu = self.engine.infer(crop)
        return {
            "年齢": int(nenrei),
            "性別": SEIBETSU[int(np.argmax(seibetsu))],
            "人種": JINSHU[int(np.argmax(jinshu))],
        }
