//! Removes attributes we refuse to keep from what a camera vendor sends.
use serde_json::{Map, Value};

const DROP: [&str; 5] = ["race", "ethnicity", "religion", "skin", "nation"];

/// Deletes the keys at every depth; returns how many were removed.
pub fn strip(v: &mut Value) -> usize {
    match v {
        Value::Object(m) => strip_map(m),
        Value::Array(a) => a.iter_mut().map(strip).sum(),
        _ => 0,
    }
}

fn strip_map(m: &mut Map<String, Value>) -> usize {
    let before = m.len();
    m.retain(|k, _| !DROP.contains(&k.as_str()));
    let gone = before - m.len();
    gone + m.values_mut().map(strip).sum::<usize>()
}
