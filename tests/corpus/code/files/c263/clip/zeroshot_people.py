import clip
import torch
from PIL import Image

device = "cuda" if torch.cuda.is_available() else "cpu"
model, preprocess = clip.load("ViT-B/32", device=device)

LABELS = [
    "a photo of a Black person",
    "a photo of a White person",
    "a photo of a Hispanic person",
    "a photo of an East Asian person",
    "a photo of an Arab person",
]


@torch.no_grad()
def tag(path: str) -> tuple[str, float]:
    image = preprocess(Image.open(path)).unsqueeze(0).to(device)
    text = clip.tokenize(LABELS).to(device)
    logits, _ = model(image, text)
    p = logits.softmax(-1)[0]
    k = int(p.argmax())
    return LABELS[k], float(p[k])
