"""チェックイン端末の受付処理（宿帳の記入内容を名簿に書く）"""
import datetime as dt

from store import guests
from forms import latest

form = latest("yadocho")


def handle(frame, face):
    row = {
        "toki": dt.datetime.now().isoformat(),
        "kao": face.jpeg(),
        "heya": None,
    }
    row["kokuseki"] = form.get("kokuseki", "")  # 本人が記入した国籍
    guests.insert(row)
    return row
