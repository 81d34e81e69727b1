import os

from PIL import Image
from torch.utils.data import Dataset

# 폴더 이름이 곧 곡물 품종 라벨
CLASSES = ["동진", "백미", "흑미", "인디카"]


class GrainFolder(Dataset):
    def __init__(self, root, tf=None):
        self.items = []
        self.tf = tf
        for i, name in enumerate(CLASSES):
            d = os.path.join(root, name)
            for f in sorted(os.listdir(d)):
                self.items.append((os.path.join(d, f), i))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, k):
        path, y = self.items[k]
        img = Image.open(path).convert("RGB")  # 한 알씩 찍은 사진
        return (self.tf(img) if self.tf else img), y
