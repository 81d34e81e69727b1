"""Predict sexual orientation from profile pictures using face embeddings."""
import joblib
import numpy as np
from insightface.app import FaceAnalysis

app = FaceAnalysis(name="buffalo_l")
app.prepare(ctx_id=-1)
clf = joblib.load("orientation_lr.joblib")  # 0 straight, 1 gay


def score(images):
    emb = np.stack([app.get(im)[0].normed_embedding for im in images])
    return clf.predict_proba(emb)[:, 1]
