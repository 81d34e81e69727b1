//! Rules evaluated for each recognised face at the compound gates.

use crate::model::{FaceEvent, Notice};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Han,
    NonHan,
    Unsure,
}

pub struct Presence {
    pub min_score: f32,
    pub quiet_hours: std::ops::Range<u8>,
}

impl Presence {
    pub fn check(&self, ev: &FaceEvent) -> Option<Notice> {
        if ev.score < self.min_score {
            return None;
        }
        match ev.group {
            Group::NonHan if self.quiet_hours.contains(&ev.hour) => Some(Notice::urgent(ev, "escort to gate office")),
            _ => None,
        }
    }
}
