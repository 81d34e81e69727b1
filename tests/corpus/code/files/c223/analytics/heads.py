import torch
from torch import nn
from torchvision.models import mobilenet_v3_small

ETHNICITIES = ["white", "black", "east_asian", "south_asian", "middle_eastern", "other"]


class DemographicNet(nn.Module):
    """Shared trunk over an aligned 112x112 face crop, three heads."""

    def __init__(self, width: int = 576) -> None:
        super().__init__()
        base = mobilenet_v3_small(weights=None)
        self.trunk = base.features
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.age_head = nn.Linear(width, 101)
        self.gender_head = nn.Linear(width, 2)
        self.ethnicity_head = nn.Linear(width, len(ETHNICITIES))

    def forward(self, crop: torch.Tensor) -> dict[str, torch.Tensor]:
        z = self.pool(self.trunk(crop)).flatten(1)
        return {
            "age": self.age_head(z),
            "gender": self.gender_head(z),
            "ethnicity": self.ethnicity_head(z),
        }
