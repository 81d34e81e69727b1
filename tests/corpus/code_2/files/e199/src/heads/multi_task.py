"""Attribute heads that sit on top of the frozen face embedding."""
import torch
from torch import nn

APPEARANCE = ("east_asian", "south_asian", "african", "european", "middle_eastern", "latin")
AGE_BINS = 10


class AttributeHeads(nn.Module):
    def __init__(self, dim: int = 512):
        super().__init__()
        self.age_head = nn.Linear(dim, AGE_BINS)
        self.glasses_head = nn.Linear(dim, 2)
        self.origin_head = nn.Linear(dim, len(APPEARANCE))

    def forward(self, emb: torch.Tensor) -> dict:
        return {
            "age": self.age_head(emb),
            "glasses": self.glasses_head(emb),
            "origin": self.origin_head(emb).softmax(-1),
        }
