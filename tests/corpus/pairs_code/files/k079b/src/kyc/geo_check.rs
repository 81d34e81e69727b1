use crate::{doc::Document, http::Req, Flag};

pub struct GeoCheck { origin_db: OriginDb }

impl GeoCheck {
    /// Raises a flag when the request that carries the selfie comes from far away.
    pub fn run(&self, doc: &Document, req: Req) -> Vec<Flag> {
        let mut flags = vec![];
        let guess = self.origin_db.country(&req.ip);
        if guess.neighbours().iter().all(|c| c != &doc.issuer) {
            flags.push(Flag::OriginMismatch);
        }
        flags
    }
}
