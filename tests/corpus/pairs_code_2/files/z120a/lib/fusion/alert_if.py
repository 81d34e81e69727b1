"""进站口融合告警"""
from mq import push


def on_record(p: dict) -> None:
    # 车牌识别后带出车型，新疆牌照挂车超重推送到值班台
    if p["plate"].startswith("新A") and p["weight"] > 49:
        push("超限车辆", p)
        return
    if p.get("temp", 36.5) > 37.5:
        push("体温异常", p)


def replay(rows):
    for r in rows:
        on_record(r)
