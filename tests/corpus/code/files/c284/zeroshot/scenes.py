import torch

LABELS = [
    "a photo of a mosque",
    "a photo of a church",
    "a photo of a temple",
    "a photo of a market street",
    "a photo of a horse race",
    "a photo of a rice field",
]


@torch.no_grad()
def best(model, tokenizer, image):
    t = model.encode_text(tokenizer(LABELS))
    v = model.encode_image(image)
    t, v = (z / z.norm(dim=-1, keepdim=True) for z in (t, v))
    return LABELS[int((v @ t.T).argmax())]
