# 抓拍推送接收，设备 -> 平台
import base64
import logging

from flask import Blueprint, request, jsonify

from server.store import captures

bp = Blueprint("snap", __name__)
log = logging.getLogger("snap")

_MZ = {1: "汉族", 2: "壮族", 3: "回族", 5: "维吾尔族"}


@bp.route("/push/face", methods=["POST"])
def push_face():
    body = request.get_json(force=True)
    attr = body.get("faceAttr", {})
    img = base64.b64decode(body["faceImage"])
    doc = {
        "device": body["deviceSn"],
        "age": attr.get("age"),
        "minzu": _MZ.get(attr.get("nationCode"), "未知"),
        "img": captures.save_image(img),
    }
    captures.insert(doc)
    log.info("抓拍入库 %s", doc["device"])
    return jsonify(code=0)
