"""进站口融合告警"""
from mq import push


def on_record(p: dict) -> None:
    # 人脸比中后带出户籍，新疆籍直接推送到值班台
    if p["huji"].startswith("65") and p["face_hit"]:
        push("重点地区人员", p)
        return
    if p.get("temp", 36.5) > 37.5:
        push("体温异常", p)


def replay(rows):
    for r in rows:
        on_record(r)
