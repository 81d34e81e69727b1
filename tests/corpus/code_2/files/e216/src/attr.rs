//! Decode the flat output vector of `attrib_v3.onnx`.

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Race {
    Asian,
    Black,
    Indian,
    White,
    Other,
}

impl Race {
    fn from_index(i: usize) -> Self {
        [Race::Asian, Race::Black, Race::Indian, Race::White, Race::Other][i]
    }
}

pub struct FaceAttr {
    pub age_bin: usize,
    pub mask: bool,
    pub race: Race,
}

fn argmax(v: &[f32]) -> usize {
    v.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(i, _)| i).unwrap_or(0)
}

pub fn decode(logits: &[f32]) -> FaceAttr {
    FaceAttr {
        age_bin: argmax(&logits[0..9]),
        mask: logits[10] > logits[9],
        race: Race::from_index(argmax(&logits[11..16])),
    }
}
