# 布控任务下发
import requests

GATEWAY = "http://10.8.0.2:8088"


def create_task(name, cameras, level=2):
    """新建人脸布控任务，条件命中后推送到指挥中心"""
    body = {
        "taskName": name,
        "cameraIds": cameras,
        "level": level,
        "condition": {
            "age_range": [16, 60],
            "gender": 1,
            "ethnic_codes": ["05", "17", "53"],
            "beard": 1,
        },
        "push": True,
    }
    r = requests.post(f"{GATEWAY}/api/bukong/face/task", json=body, timeout=5)
    r.raise_for_status()
    return r.json()["taskId"]
