import random
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.utils.data import Dataset


class FaceLabels(Dataset):
    """Files are called 25_0_2_20170116174525125.jpg."""

    def __init__(self, root: str, size: int = 128, augment: bool = True):
        self.items = []
        for p in sorted(Path(root).glob("*.jpg")):
            try:
                age, gender, race, _ = p.stem.split("_", 3)
                self.items.append((p, int(age), int(gender), int(race)))
            except ValueError:
                continue
        self.size, self.augment = size, augment

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        p, age, gender, race = self.items[i]
        img = cv2.resize(cv2.imread(str(p)), (self.size, self.size))
        if self.augment and random.random() < 0.5:
            img = np.ascontiguousarray(img[:, ::-1])
        x = torch.from_numpy(img).permute(2, 0, 1).float() / 255
        return x, torch.tensor([age, gender, race])
