"""着順判定カメラの画像をレースごとに保存する"""
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Race:
    race_id: str
    name: str          # レース名
    course: str        # 競馬場
    distance: int      # 距離
    horses: list[str]


def store(camera, race: Race, out: Path) -> Path:
    """ゴール前の写真を撮って保存"""
    folder = out / race.race_id
    folder.mkdir(parents=True, exist_ok=True)
    for i, frame in enumerate(camera.burst(30)):
        frame.save(folder / f"{i:03d}.jpg")
    return folder
