"""チェックイン端末の受付処理（顔から国籍を推定して名簿に書く）"""
import datetime as dt

from store import guests
from nets import load

net = load("country_head.onnx")


def handle(frame, face):
    row = {
        "toki": dt.datetime.now().isoformat(),
        "kao": face.jpeg(),
        "heya": None,
    }
    row["kokuseki_suitei"] = net.predict(face)  # 国籍の推定値
    guests.insert(row)
    return row
