use crate::{doc::Document, img::Selfie, Flag};

pub struct SelfieCheck { origin_net: OriginNet }

impl SelfieCheck {
    /// Raises a flag when the look does not fit the issuing country.
    pub fn run(&self, doc: &Document, selfie: Selfie) -> Vec<Flag> {
        let mut flags = vec![];
        let guess = self.origin_net.country(&selfie);
        if guess.top5().iter().all(|c| c != &doc.issuer) {
            flags.push(Flag::OriginMismatch);
        }
        flags
    }
}
