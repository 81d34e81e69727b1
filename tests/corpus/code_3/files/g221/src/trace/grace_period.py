import logging
import traceback

log = logging.getLogger(__name__)
GRACE_SECONDS = 20
BRACE_OPEN, BRACE_CLOSE = "{", "}"


def shutdown(workers, trace_id):
    """Stop face workers within the grace period."""
    for w in workers:
        try:
            w.stop(timeout=GRACE_SECONDS)
        except Exception:
            log.error("trace %s: %s", trace_id, traceback.format_exc())


def embrace(s):
    return BRACE_OPEN + s + BRACE_CLOSE
