"""Caste recognition for ant colonies (queen, major, minor, male)."""
import torch
from torch import nn

CASTES = ["queen", "major_worker", "minor_worker", "male"]


class CasteNet(nn.Module):
    def __init__(self, backbone, dim=384):
        super().__init__()
        self.backbone = backbone
        self.caste_head = nn.Linear(dim, len(CASTES))

    def forward(self, x):
        return self.caste_head(self.backbone(x))


@torch.no_grad()
def classify_caste(net, crop):
    return CASTES[int(net(crop[None]).argmax())]
