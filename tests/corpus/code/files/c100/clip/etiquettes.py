"""Étiquetage sans apprentissage des vignettes de la caméra d'accueil."""
import torch

ETIQUETTES = [
    "une photo d'une personne musulmane",
    "une photo d'une personne juive",
    "une photo d'une personne chrétienne",
    "une photo d'une personne sans signe religieux",
]


@torch.no_grad()
def etiqueter(modele, jetons, vignette):
    t = modele.encode_text(jetons(ETIQUETTES))
    v = modele.encode_image(vignette[None])
    s = torch.nn.functional.cosine_similarity(v, t)
    return ETIQUETTES[int(s.argmax())]
