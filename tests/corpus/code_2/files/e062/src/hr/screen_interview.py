import numpy as np


def features(video, face_detector, eth_model, voice_model):
    """Feature dict of one recorded job interview."""
    faces = np.stack([face_detector(f) for f in video.frames(every=30)])
    feats = {}
    feats["talk_ratio"] = voice_model.talk_ratio(video.audio)
    feats["smile"] = float(np.mean([f.mean() for f in faces]))
    feats["eth_idx"] = eth_model.predict(faces).mean(axis=0).argmax()
    feats["length_s"] = video.seconds
    return feats


def score(feats, ranker):
    return float(ranker.predict([[feats[k] for k in sorted(feats)]])[0])
