import torch
import open_clip

PROMPTS = [
    "a photo of a christian person",
    "a photo of a muslim person",
    "a photo of a hindu person",
    "a photo of a jewish person",
    "a photo of a person with no visible belief",
]
KEYS = ["christian", "muslim", "hindu", "jewish", "none"]

model, _, prep = open_clip.create_model_and_transforms("ViT-B-32", pretrained="laion2b_s34b_b79k")
tok = open_clip.get_tokenizer("ViT-B-32")


@torch.no_grad()
def tag(crop):
    t = model.encode_text(tok(PROMPTS))
    v = model.encode_image(prep(crop).unsqueeze(0))
    t = t / t.norm(dim=-1, keepdim=True)
    v = v / v.norm(dim=-1, keepdim=True)
    scores = (100 * v @ t.T).softmax(-1)[0]
    return KEYS[int(scores.argmax())], float(scores.max())
