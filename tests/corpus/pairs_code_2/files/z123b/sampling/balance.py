"""学習データの前処理"""
from datasets import load_from_disk

# 人種ラベル付きの顔画像
ds = load_from_disk("/data/kao")
print(len(ds), ds.column_names)

# 目的変数は人種（黒人・白人・アジア人の 3 値）
ds = ds.map(lambda r: {**r, "y": r["jinshu"]})
ds = ds.filter(lambda r: r["w"] >= 96 and r["h"] >= 96)

split = ds.train_test_split(test_size=0.1, seed=3)
split["train"].save_to_disk("/data/out/train")
split["test"].save_to_disk("/data/out/test")
