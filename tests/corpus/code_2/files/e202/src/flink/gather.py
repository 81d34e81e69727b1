"""聚集预警:同一卡口 15 分钟内多张抓拍"""
from collections import defaultdict, deque

WINDOW = 900
LIMIT = 3


class Stream(list):
    def filter(self, fn):
        return Stream(x for x in self if fn(x))


def run(captures, push):
    seen = defaultdict(deque)
    picked = (
        Stream(captures)
        .filter(lambda e: e["face_quality"] > 0.5)
        .filter(lambda e: e["ethic_code"] not in ("01", "", None))
    )
    for e in picked:
        q = seen[e["tollgate_id"]]
        q.append(e["ts"])
        while q and e["ts"] - q[0] > WINDOW:
            q.popleft()
        if len(q) >= LIMIT:
            push({"type": "聚集", "tollgate": e["tollgate_id"], "count": len(q)})
