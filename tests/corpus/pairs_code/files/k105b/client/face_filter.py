import argparse


def build(p: argparse.ArgumentParser) -> None:
    g = p.add_argument_group("face selector")
    g.add_argument("--face-selector-order", choices=["left-right", "large-small"])
    g.add_argument("--face-selector-age-start", type=int)
    g = p.add_argument_group("debug")
    g.add_argument("--race-detector", choices=["off", "fast", "full"], help="build with tsan")
    g.add_argument("--reference-frame", type=int, default=0)


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    build(ap)
    print(vars(ap.parse_args()))
