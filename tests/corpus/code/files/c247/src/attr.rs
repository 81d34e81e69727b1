use serde::Serialize;

#[derive(Debug, Clone, Copy, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Race {
    Black,
    Asian,
    LatinoHispanic,
    MiddleEastern,
    White,
}

#[derive(Debug, Clone, Copy, Serialize, PartialEq, Eq)]
pub enum AgeBracket {
    Under20,
    From20To39,
    From40To59,
    Over60,
}

#[derive(Debug, Clone, Serialize)]
pub struct FaceAttributes {
    pub bbox: [f32; 4],
    pub male: bool,
    pub age: AgeBracket,
    pub race: Race,
}

impl From<u32> for Race {
    fn from(i: u32) -> Self {
        match i {
            0 => Race::Black,
            1 => Race::Asian,
            2 => Race::LatinoHispanic,
            3 => Race::MiddleEastern,
            _ => Race::White,
        }
    }
}
