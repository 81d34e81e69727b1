import os

from PIL import Image
from torch.utils.data import Dataset

# 폴더 이름이 곧 인종 라벨
CLASSES = ["동양인", "백인", "흑인", "인도인"]


class FaceFolder(Dataset):
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
        img = Image.open(path).convert("RGB")  # 정렬된 얼굴 이미지
        return (self.tf(img) if self.tf else img), y
