use crate::{color::Lab, face::Face};

#[derive(Debug, Clone, Copy)]
pub enum Tone { VeryLight, Light, Intermediate, Tan, Brown, Dark }

/// Individual typology angle over the cheek pixels.
pub fn skin_tone(face: &Face) -> Tone {
    let Lab { l, b, .. } = face.cheeks().mean_lab();
    let ita = ((l - 50.0) / b).atan().to_degrees();
    match ita as i32 {
        56.. => Tone::VeryLight, 42..=55 => Tone::Light, 29..=41 => Tone::Intermediate,
        11..=28 => Tone::Tan, -29..=10 => Tone::Brown, _ => Tone::Dark,
    }
}
