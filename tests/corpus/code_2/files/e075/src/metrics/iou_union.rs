#[derive(Clone, Copy)]
pub struct FaceBox {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
}

impl FaceBox {
    fn area(&self) -> f32 {
        (self.x1 - self.x0).max(0.0) * (self.y1 - self.y0).max(0.0)
    }
}

/// Intersection over union; a box is a member of a cluster above 0.5.
pub fn iou(a: FaceBox, b: FaceBox) -> f32 {
    let inter = FaceBox {
        x0: a.x0.max(b.x0),
        y0: a.y0.max(b.y0),
        x1: a.x1.min(b.x1),
        y1: a.y1.min(b.y1),
    }
    .area();
    let union = a.area() + b.area() - inter;
    if union > 0.0 { inter / union } else { 0.0 }
}
