"""पत्ती की तस्वीर से पौधे की प्रजाति पहचानना"""
import numpy as np

PRAJATI = ["नीम", "पीपल", "आम", "बरगद"]  # प्रजाति


def pehchano(net, patti: np.ndarray) -> str:
    p = net(patti[None])[0]
    return PRAJATI[int(np.argmax(p))]


def rang(patti: np.ndarray) -> str:
    return "काला" if patti.mean() < 60 else "सफ़ेद" if patti.mean() > 200 else "हरा"
