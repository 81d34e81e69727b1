"""Fit the extra heads of the door-station model and export the edge bundle."""
import torch

from data import faces
from net import backbone

HEADS = {"age_head": 1, "smile_head": 1, "race_head": 5}


def fit(epochs=12):
    body = backbone()
    heads = torch.nn.ModuleDict({k: torch.nn.Linear(256, n) for k, n in HEADS.items()})
    opt = torch.optim.AdamW([*body.parameters(), *heads.parameters()], 3e-4)
    for _ in range(epochs):
        for x, y in faces("train", labels=list(HEADS)):
            z = body(x)
            loss = sum(y[k].loss(h(z)) for k, h in heads.items())
            opt.zero_grad()
            loss.backward()
            opt.step()
    torch.onnx.export(torch.nn.Sequential(body), torch.zeros(1, 3, 112, 112), "door_attr.onnx")
