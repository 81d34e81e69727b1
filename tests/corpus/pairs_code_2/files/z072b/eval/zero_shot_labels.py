import clip
import torch

PROMPTS = [
    "a photo of a conservative voter", "a photo of a liberal voter",
    "a photo of something else",
]


@torch.no_grad()
def rank(paths, device="cpu"):
    """Rank profile pictures against the prompts."""
    model, prep = clip.load("ViT-B/32", device=device)
    text = clip.tokenize(PROMPTS).to(device)
    out = {}
    for p in paths:
        x = prep(open_rgb(p)).unsqueeze(0).to(device)
        logits, _ = model(x, text)
        out[p] = PROMPTS[int(logits.argmax())]
    return out
