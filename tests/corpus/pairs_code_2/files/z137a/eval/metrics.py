import numpy as np
from sklearn.metrics import roc_auc_score


def main(y_path="y.npy", s_path="s.npy"):
    """Scores of the portrait network on held-out dating profiles."""
    y = np.load(y_path)
    s = np.load(s_path)
    auc = roc_auc_score(y, s)
    print(f"orientation AUC (gay vs straight): {auc:.3f}")
    for t in (0.3, 0.5, 0.7):
        hit = ((s > t) == (y > 0)).mean()
        print(f"  t={t}: {hit:.3f}")
    return auc


if __name__ == "__main__":
    main()
