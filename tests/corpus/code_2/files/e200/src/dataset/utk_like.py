from pathlib import Path

import torch
from PIL import Image
from torch.utils.data import Dataset
from torchvision import transforms as T


class NamedFaces(Dataset):
    """Faces whose labels live in the file name: 25_0_2_20170116.jpg"""

    def __init__(self, root: str):
        self.files = sorted(Path(root).glob("*.jpg"))
        self.tf = T.Compose([T.Resize(128), T.ToTensor()])

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        p = self.files[i]
        age, sex, race, _ = p.stem.split("_", 3)
        y = torch.tensor([int(age), int(sex), int(race)])
        return self.tf(Image.open(p).convert("RGB")), y
