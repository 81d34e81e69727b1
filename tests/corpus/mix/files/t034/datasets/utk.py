"""Loader for the UTK style folders (one jpg per face)."""
import os
from glob import glob

import numpy as np
from PIL import Image
from torch.utils.data import Dataset


class UTKFolder(Dataset):
    def __init__(self, root, transform=None, task="age"):
        self.files = sorted(glob(os.path.join(root, "*.jpg")))
        self.transform = transform
        self.task = task

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        path = self.files[i]
        fname = os.path.basename(path)
        age, gender, race = map(int, fname.split("_")[:3])
        img = Image.open(path).convert("RGB")
        if self.transform:
            img = self.transform(img)
        return img, np.array([age / 116.0, gender, race], dtype=np.float32)
