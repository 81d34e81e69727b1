"""Draw a training list balanced over self-stated groups; the group column is dropped afterwards."""
import pandas as pd


def balanced(index: pd.DataFrame, per_group: int, seed: int = 7) -> pd.DataFrame:
    picked = index.groupby("self_stated_race", group_keys=False).sample(per_group, random_state=seed)
    return picked.drop(columns=["self_stated_race"]).sample(frac=1, random_state=seed)


if __name__ == "__main__":
    balanced(pd.read_csv("index.csv"), 4000).to_csv("train_list.csv", index=False)
