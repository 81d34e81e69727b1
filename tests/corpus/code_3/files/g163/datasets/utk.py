import os
from glob import glob

import torch
from PIL import Image
from torch.utils.data import Dataset


class UTKFaces(Dataset):
    """Targets come from the file name; third is one of five groups (White, Black, Asian, Indian, Others)."""

    def __init__(self, root, tf):
        self.files = sorted(glob(os.path.join(root, "*.jpg")))
        self.tf = tf

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        path = self.files[i]
        age, gender, third, _ = os.path.basename(path).split("_")
        x = self.tf(Image.open(path).convert("RGB"))
        return x, torch.tensor([int(age), int(gender), int(third)])
