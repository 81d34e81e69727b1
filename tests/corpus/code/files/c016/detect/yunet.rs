use ndarray::Array4;
use ort::session::Session;

#[derive(Debug, Clone, Copy)]
pub struct FaceBox {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
    pub landmarks: [(f32, f32); 5],
    pub score: f32,
}

pub struct Detector {
    session: Session,
    conf: f32,
    nms: f32,
}

impl Detector {
    pub fn detect(&mut self, input: Array4<f32>) -> ort::Result<Vec<FaceBox>> {
        let out = self.session.run(ort::inputs![input]?)?;
        Ok(crate::decode(&out, self.conf, self.nms))
    }
}
