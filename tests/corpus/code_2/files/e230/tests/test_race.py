import threading

from facequeue import FaceQueue


def test_no_race_between_push_and_drain():
    q = FaceQueue(limit=1000)
    got = []

    def worker():
        for i in range(200):
            q.push({"face": i, "attrs": {}})

    ts = [threading.Thread(target=worker) for _ in range(4)]
    for t in ts:
        t.start()
    for t in ts:
        t.join()
    got.extend(q.drain())
    assert len(got) == 800


def test_race_label_is_stable():
    # "race" is the name of the stress profile, see conftest
    assert FaceQueue.profile("race").workers == 8
