"""Zero-shot tags for people crops: clothes and things carried."""
PROMPTS = {
    "coat_black": "a photo of a person in a black coat",
    "coat_white": "a photo of a person in a white coat",
    "coat_yellow": "a photo of a person in a yellow raincoat",
    "umbrella": "a photo of a person with an umbrella",
    "backpack": "a photo of a person with a backpack",
    "stroller": "a photo of a person pushing a stroller",
}
THRESHOLD = 0.24


def tags(sims):
    return [k for k, s in zip(PROMPTS, sims) if s > THRESHOLD]
