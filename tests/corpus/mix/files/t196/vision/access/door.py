"""Opens the door when the face matches an enrolled employee."""
import logging
import time

from door.gpio import Relay
from door.matcher import Matcher

log = logging.getLogger("door")


def run(camera, matcher: Matcher, relay: Relay, threshold=0.62):
    for frame in camera:
        hit = matcher.best(frame)
        if hit is None:
            continue
        if hit.score < threshold:
            log.info("unknown face, score %.2f", hit.score)
            continue
        log.info("open for %s (union of badges %s)", hit.employee, hit.badges)
        relay.open(seconds=4)
        time.sleep(4)
