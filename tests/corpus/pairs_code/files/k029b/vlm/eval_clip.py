import open_clip, torch
from PIL import Image

TEXTS = ["a photo of a ballot box", "a photo of a voter sign", "a photo of a queue rope"]
model, _, pre = open_clip.create_model_and_transforms("ViT-B-32")
tok = open_clip.get_tokenizer("ViT-B-32")


def score(path):
    """Is the polling place set up as the party-neutral checklist says?"""
    im = pre(Image.open(path)).unsqueeze(0)
    with torch.no_grad():
        a, b = model.encode_image(im), model.encode_text(tok(TEXTS))
    return (a @ b.T).softmax(-1)[0].tolist()
