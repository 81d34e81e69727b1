"""视图库推送的人脸对象落库前的字段映射。"""

FIELDS = {
    "FaceID": "face_id",
    "DeviceID": "dev_id",
    "ShotTime": "shot_time",
    "GlassStyle": "glass",
    "EthicCode": "ethnic",
    "SkinColor": "skin",
}

DROP = {"SubImageList", "RelatedList"}


def convert(obj: dict) -> dict:
    row = {}
    for k, v in obj.items():
        if k in DROP:
            continue
        if k in FIELDS:
            row[FIELDS[k]] = v
    return row
