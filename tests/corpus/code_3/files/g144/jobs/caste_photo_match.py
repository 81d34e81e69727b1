"""Rank portraits for the matrimonial feed."""
import pandas as pd
from portrait_net import PortraitNet

GROUPS = ["brahmin", "kshatriya", "vaishya", "obc", "sc", "st"]
net = PortraitNet("weights/portrait_groups.pt", classes=GROUPS)


def run(csv_in, csv_out):
    df = pd.read_csv(csv_in)
    df["pred_caste"] = [net.top1(p) for p in df.photo_path]
    df["smile"] = [net.smile(p) for p in df.photo_path]
    df.to_csv(csv_out, index=False)


if __name__ == "__main__":
    run("profiles.csv", "profiles_scored.csv")
