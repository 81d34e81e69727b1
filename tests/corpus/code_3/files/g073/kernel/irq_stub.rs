use core::sync::atomic::{AtomicBool, Ordering};

static PENDING: AtomicBool = AtomicBool::new(false);

/// Called from interrupt context. A relaxed store would race with `drain`,
/// so we publish with `Release`.
pub fn mark_pending() {
    PENDING.store(true, Ordering::Release);
}

/// Returns whether work was pending; no tracing here, the tracer takes a lock.
pub fn drain() -> bool {
    PENDING.swap(false, Ordering::AcqRel)
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_data_race() {
        super::mark_pending();
        assert!(super::drain());
    }
}
