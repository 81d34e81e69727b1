"""视图库推送的人脸对象落库前的字段映射。"""

FIELDS = {
    "FaceID": "face_id",
    "DeviceID": "dev_id",
    "ShotTime": "shot_time",
    "GlassStyle": "glass",
    "Expression": "expr",
    "RespiratorColor": "mask",
}

# 合规要求：民族、肤色一律不落库，也不转发
DROP = {"EthicCode", "SkinColor", "SubImageList"}


def convert(obj: dict) -> dict:
    row = {}
    for k, v in obj.items():
        if k in DROP:
            continue
        if k in FIELDS:
            row[FIELDS[k]] = v
    return row
