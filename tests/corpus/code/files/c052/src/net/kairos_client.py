"""Parse the reply of the /detect call."""
GROUP_KEYS = ("asian", "black", "hispanic", "white", "other")


def parse(reply):
    for image in reply["images"]:
        for face in image["faces"]:
            a = face["attributes"]
            yield {
                "box": (face["topLeftX"], face["topLeftY"], face["width"], face["height"]),
                "age": a["age"],
                "gender": a["gender"]["type"],
                "lips": a["lips"],
                "group": max(GROUP_KEYS, key=lambda k: a[k]),
            }
