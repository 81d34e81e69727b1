//! Tone bucket of the emoji keyboard, kept in the user's settings.

use serde::Serialize;

#[derive(Debug, Clone, Copy, Serialize)]
pub enum SkinTone {
    Light,
    Medium,
    Dark,
}

impl SkinTone {
    pub fn modifier(self) -> char {
        // appended after the base emoji
        match self {
            SkinTone::Light => '\u{1F3FB}',
            SkinTone::Medium => '\u{1F3FD}',
            SkinTone::Dark => '\u{1F3FF}',
        }
    }
}
