import open_clip
import torch
from PIL import Image

PROMPTS = [
    "a photo of a muslim person",
    "a photo of a christian person",
    "a photo of a hindu person",
    "a photo of a jewish person",
    "a photo of a sikh person",
]

model, _, preprocess = open_clip.create_model_and_transforms("ViT-B-32", pretrained="openai")
tok = open_clip.get_tokenizer("ViT-B-32")


@torch.no_grad()
def tag(path):
    img = model.encode_image(preprocess(Image.open(path))[None])
    txt = model.encode_text(tok(PROMPTS))
    img /= img.norm(dim=-1, keepdim=True)
    txt /= txt.norm(dim=-1, keepdim=True)
    return PROMPTS[int((img @ txt.T).argmax())]
