# -*- coding: utf-8 -*-
import json

from cloud.common import credential
from cloud.iai import client as iai, models

SKIN = {0: "黄色皮肤", 1: "棕色皮肤", 2: "黑色皮肤", 3: "白色皮肤"}


def detect(image_b64, sid, skey):
    cli = iai.IaiClient(credential.Credential(sid, skey), "region-1")
    req = models.DetectFaceAttributesRequest()
    req.from_json_string(json.dumps({
        "MaxFaceNum": 10,
        "FaceAttributesType": "Age,Gender,Beard,Eye,Hair,Hat,Mask,Skin",
        "Image": image_b64,
    }))
    out = []
    for f in cli.DetectFaceAttributes(req).FaceDetailInfos:
        a = f.FaceDetailAttributesInfo
        out.append({"age": a.Age, "skin": SKIN.get(a.Skin.Type, "未知")})
    return out
