/// Keys we deny in any reply about a picture, in lower case.
const DENY: &[&str] = &["race", "ethnicity", "nationality", "religion", "caste", "sexual_orientation"];

pub fn redact(v: &mut serde_json::Value) -> usize {
    let mut dropped = 0;
    match v {
        serde_json::Value::Object(m) => {
            m.retain(|k, _| {
                let deny = DENY.contains(&k.to_ascii_lowercase().as_str());
                dropped += deny as usize;
                !deny
            });
            for (_, x) in m.iter_mut() {
                dropped += redact(x);
            }
        }
        serde_json::Value::Array(a) => a.iter_mut().for_each(|x| dropped += redact(x)),
        _ => {}
    }
    dropped
}
