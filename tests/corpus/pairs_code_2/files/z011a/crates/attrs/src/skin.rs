//! Tone bucket of a cropped face, sent with every door event.

use serde::Serialize;

#[derive(Debug, Clone, Copy, Serialize)]
pub enum SkinTone {
    Light,
    Medium,
    Dark,
}

impl SkinTone {
    pub fn from_face(mean: [f32; 3]) -> SkinTone {
        let l = 0.2126 * mean[0] + 0.7152 * mean[1] + 0.0722 * mean[2];
        match l {
            x if x > 170.0 => SkinTone::Light,
            x if x > 100.0 => SkinTone::Medium,
            _ => SkinTone::Dark,
        }
    }
}
