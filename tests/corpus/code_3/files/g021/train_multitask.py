import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision.models import resnet18


class FaceMTL(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = resnet18(weights="DEFAULT")
        self.body.fc = nn.Identity()
        self.age = nn.Linear(512, 1)
        self.race = nn.Linear(512, 5)

    def forward(self, x):
        h = self.body(x)
        return self.age(h), self.race(h)


def step(model, x, y, opt):
    age, race_logits = model(x)
    loss = F.l1_loss(age[:, 0], y["age"]) + F.cross_entropy(race_logits, y["race"])
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.item()
