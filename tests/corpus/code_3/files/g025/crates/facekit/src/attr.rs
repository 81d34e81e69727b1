use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Ethnicity {
    Asian,
    African,
    European,
    Other,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FaceAttr {
    pub age: f32,
    pub gender: u8,
    pub ethnicity: Ethnicity,
    pub ethnicity_conf: f32,
    pub yaw: f32,
    pub pitch: f32,
}

impl FaceAttr {
    pub fn from_logits(l: &[f32]) -> Self {
        crate::decode::decode(l)
    }
}
