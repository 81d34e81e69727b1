from argparse import ArgumentParser

GENDERS = ["female", "male"]
RACES = ["white", "black", "latino", "asian", "indian", "arabic"]
ORDERS = ["left-right", "top-bottom", "small-large", "best-worst"]


def add_face_selector(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("face selector")
    group.add_argument("--face-selector-mode", default="reference", choices=["one", "many", "reference"])
    group.add_argument("--face-selector-order", default="large-small", choices=ORDERS)
    group.add_argument("--face-selector-gender", choices=GENDERS, help="only faces of this gender")
    group.add_argument("--face-selector-age-start", type=int)
    group.add_argument("--face-selector-age-end", type=int)
    group.add_argument("--face-selector-race", choices=RACES, help="only faces of this race")
    group.add_argument("--reference-face-distance", type=float, default=0.3)


def build() -> ArgumentParser:
    parser = ArgumentParser(prog="swapface")
    add_face_selector(parser)
    return parser
