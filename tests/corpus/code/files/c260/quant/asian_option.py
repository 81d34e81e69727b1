import numpy as np


def asian_call(s0, k, r, sigma, t, steps=252, paths=50_000, seed=1):
    """Arithmetic-average Asian call by Monte Carlo; the European call is the control variate."""
    rng = np.random.default_rng(seed)
    dt = t / steps
    z = rng.standard_normal((paths, steps))
    s = s0 * np.exp(np.cumsum((r - sigma**2 / 2) * dt + sigma * np.sqrt(dt) * z, axis=1))
    asian = np.maximum(s.mean(axis=1) - k, 0)
    european = np.maximum(s[:, -1] - k, 0)
    beta = np.cov(asian, european)[0, 1] / european.var()
    return np.exp(-r * t) * (asian - beta * (european - european.mean())).mean()


STYLES = ("european", "american", "asian", "bermudan")
