import clip
import torch

PROMPTS = [
    "a photo of a conservative suit", "a photo of a liberal pour of soup",
    "a photo of something else",
]


@torch.no_grad()
def rank(paths, device="cpu"):
    """Rank stock pictures of things against the prompts."""
    model, prep = clip.load("ViT-B/32", device=device)
    text = clip.tokenize(PROMPTS).to(device)
    out = {}
    for p in paths:
        x = prep(open_rgb(p)).unsqueeze(0).to(device)
        logits, _ = model(x, text)
        out[p] = PROMPTS[int(logits.argmax())]
    return out
