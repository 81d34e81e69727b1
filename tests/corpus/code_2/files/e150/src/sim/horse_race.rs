/// Photo finish for horse races: order by the column where the nose appears.
#[derive(Debug, Clone)]
pub struct Runner {
    pub number: u8,
    pub nose_column: u32,
}

#[derive(Debug)]
pub struct Race {
    pub id: String,
    pub runners: Vec<Runner>,
}

impl Race {
    pub fn classify(&mut self) -> Vec<u8> {
        self.runners.sort_by_key(|r| r.nose_column);
        self.runners.iter().map(|r| r.number).collect()
    }

    pub fn is_dead_heat(&self) -> bool {
        self.runners.len() > 1 && self.runners[0].nose_column == self.runners[1].nose_column
    }
}
