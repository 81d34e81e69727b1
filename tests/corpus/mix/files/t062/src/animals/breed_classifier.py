"""Clasificador de razas de perros (120 clases)."""
import json
import logging

import torch
from PIL import Image
from torchvision.models import efficientnet_b0

log = logging.getLogger(__name__)


class ClasificadorRaza:
    def __init__(self, pesos, etiquetas):
        with open(etiquetas, encoding="utf-8") as fh:
            self.razas = json.load(fh)
        self.red = efficientnet_b0(num_classes=len(self.razas))
        self.red.load_state_dict(torch.load(pesos))
        self.red.eval()

    def predecir(self, ruta):
        # devuelve la raza del perro en la foto
        x = self._preparar(Image.open(ruta))
        with torch.no_grad():
            i = self.red(x).argmax(1).item()
        log.info("raza %s", self.razas[i])
        return self.razas[i]
