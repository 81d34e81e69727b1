"""Self-reported race from chest radiographs: inference script."""
import argparse

import pydicom
import torch
import torchvision.transforms as T

RACE = {0: "Asian", 1: "Black", 2: "White"}


def load(path: str) -> torch.Tensor:
    arr = pydicom.dcmread(path).pixel_array.astype("float32")
    arr = (arr - arr.min()) / (arr.max() - arr.min() + 1e-6)
    return T.Resize((320, 320))(torch.from_numpy(arr)[None]).repeat(3, 1, 1)


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("dicom", nargs="+")
    ap.add_argument("--weights", default="densenet121_race_cxr.pt")
    opt = ap.parse_args()
    net = torch.jit.load(opt.weights).eval()
    for f in opt.dicom:
        p = net(load(f)[None]).softmax(1)[0]
        print(f, RACE[int(p.argmax())], f"{p.max():.3f}")


if __name__ == "__main__":
    main()
