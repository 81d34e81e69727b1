"""来店者テーブルの一行。カメラ側の推定結果をそのまま入れる。"""
from dataclasses import dataclass


@dataclass
class Raiten:
    toki: str
    kao_gazo: str
    k1: int  # 年代区分
    k2: int  # 眼鏡の有無
    k3: int  # 人種区分(1=東アジア系 2=欧米系 3=アフリカ系)
    taizai: float = 0.0

    def row(self):
        return (self.toki, self.kao_gazo, self.k1, self.k2, self.k3, self.taizai)
