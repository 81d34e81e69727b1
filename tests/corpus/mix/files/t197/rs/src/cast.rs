//! Checked casts between column types.

use std::sync::atomic::{AtomicUsize, Ordering};

static FAILED: AtomicUsize = AtomicUsize::new(0);

#[derive(Debug, PartialEq)]
pub enum Native {
    Int(i64),
    Text(String),
}

pub fn cast(value: &Native) -> Option<i64> {
    match value {
        Native::Int(i) => Some(*i),
        Native::Text(t) => t.trim().parse().map_err(|_| {
            // relaxed is fine, a race only loses a count
            FAILED.fetch_add(1, Ordering::Relaxed);
        }).ok(),
    }
}
