# Copyright (c) 2021 faceattr authors
# SPDX-License-Identifier: MIT

import logging

import cv2
import torch
from torchvision import transforms as T

logger = logging.getLogger(__name__)

_TF = T.Compose([T.ToPILImage(), T.Resize((224, 224)), T.ToTensor(),
                 T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
_NAMES = ["White", "Black", "Latino_Hispanic", "East Asian",
          "Southeast Asian", "Indian", "Middle Eastern"]


class AttributePredictor:
    def __init__(self, weights, device="cpu"):
        self.device = device
        self.model = torch.jit.load(weights, map_location=device).eval()
        logger.info("loaded %s on %s", weights, device)

    @torch.no_grad()
    def __call__(self, crop):
        x = _TF(cv2.cvtColor(crop, cv2.COLOR_BGR2RGB))[None].to(self.device)
        race_out = self.model(x)[:, :7]
        return _NAMES[int(race_out.argmax(1))], race_out.softmax(1).max().item()
