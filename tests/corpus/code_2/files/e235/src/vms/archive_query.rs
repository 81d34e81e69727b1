use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Appearance {
    Black,
    Indian,
    Asian,
    White,
    Arab,
    Pamir,
    Kavkaz,
}

/// GET /archive/faces?appearance=…&from=…
#[derive(Debug, Deserialize)]
pub struct FaceArchiveQuery {
    pub from: i64,
    pub to: i64,
    pub appearance: Option<Appearance>,
    pub limit: Option<u32>,
}

impl FaceArchiveQuery {
    pub fn clause(&self) -> String {
        match &self.appearance {
            Some(a) => format!("appearance = '{:?}'", a).to_lowercase(),
            None => "true".into(),
        }
    }
}
