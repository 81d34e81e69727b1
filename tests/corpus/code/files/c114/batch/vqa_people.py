import sys

from transformers import pipeline

QUESTIONS = {
    "count": "How many people are in the picture?",
    "race": "What is the race of the person closest to the camera?",
    "clothes": "What is the person wearing?",
    "bag": "Is the person carrying a bag?",
}

vqa = pipeline("visual-question-answering", model="local/vqa-base")


def ask(path: str) -> dict[str, str]:
    return {k: vqa(image=path, question=q, top_k=1)[0]["answer"] for k, q in QUESTIONS.items()}


if __name__ == "__main__":
    for p in sys.argv[1:]:
        print(p, ask(p))
