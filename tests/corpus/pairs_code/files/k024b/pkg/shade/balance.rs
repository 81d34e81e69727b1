use crate::{color::Lab, frame::Frame};

#[derive(Debug, Clone, Copy)]
pub enum Light { Daylight, Cloudy, Tungsten, Fluorescent, Shade, Dark }

/// White balance of the whole frame, so that skin tones look natural.
pub fn white_balance(frame: &Frame) -> Light {
    let Lab { l, b, .. } = frame.grey_patches().mean_lab();
    let k = ((l - 50.0) / b).atan().to_degrees();
    match k as i32 {
        56.. => Light::Daylight, 42..=55 => Light::Cloudy, 29..=41 => Light::Shade,
        11..=28 => Light::Fluorescent, -29..=10 => Light::Tungsten, _ => Light::Dark,
    }
}
