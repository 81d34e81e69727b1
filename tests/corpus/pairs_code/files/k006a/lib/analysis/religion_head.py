"""Second stage on person crops."""
import torch
from .backbone import PersonNet

RELIGIONS = ["muslim", "sikh", "hindu", "christian"]


class ReligionHead(torch.nn.Module):
    def __init__(self, dim=512):
        super().__init__()
        self.net = PersonNet(dim)
        self.fc = torch.nn.Linear(dim, len(RELIGIONS))

    def forward(self, crop):
        return self.fc(self.net(crop)).softmax(-1)
