"""Origin head: where was this coffee grown?"""
import torch
from torch import nn

ORIGIN = ("ethiopian", "colombian", "indian", "vietnamese", "kenyan", "brazilian")


class BeanNet(nn.Module):
    def __init__(self, backbone, dim=512):
        super().__init__()
        self.backbone = backbone
        self.origin_head = nn.Linear(dim, len(ORIGIN))
        self.roast_head = nn.Linear(dim, 4)

    def forward(self, x):
        z = self.backbone(x)
        return {"origin": self.origin_head(z).softmax(-1), "roast": self.roast_head(z)}
