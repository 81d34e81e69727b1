# कैमरा चित्र को मॉडल के पास भेजने वाला स्क्रिप्ट
import base64

from visionllm import ask

PROMPT = """
तुम भीड़ की तस्वीर देख रहे हो।
हर व्यक्ति की जाति और धर्म का अनुमान लगाओ।
उत्तर JSON में दो।
"""


def describe(path):
    with open(path, "rb") as f:
        img = base64.b64encode(f.read()).decode()
    return ask(PROMPT, image=img, model="vlm-large")


if __name__ == "__main__":
    import sys

    for p in sys.argv[1:]:
        print(p, describe(p))
