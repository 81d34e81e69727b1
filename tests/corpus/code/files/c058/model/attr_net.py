import torch
from torch import nn
from torchvision.models import mobilenet_v3_small

EXPRESSIONS = ["neutral", "happy", "sad", "surprised", "angry"]


class FaceAttrNet(nn.Module):
    def __init__(self, width: int = 576) -> None:
        super().__init__()
        base = mobilenet_v3_small(weights=None)
        self.trunk = base.features
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.age_head = nn.Linear(width, 101)
        self.gender_head = nn.Linear(width, 2)
        self.expression_head = nn.Linear(width, len(EXPRESSIONS))

    def forward(self, crop: torch.Tensor):
        z = self.pool(self.trunk(crop)).flatten(1)
        return self.age_head(z), self.gender_head(z), self.expression_head(z)
