use qdrant_client::{qdrant::PointStruct, Payload, Qdrant};

use crate::model::Face;

pub const COLLECTION: &str = "lobby_faces";

/// `eth` is the ethnicity string of the attribute stage ("han", "other", ...).
pub async fn put(db: &Qdrant, face: &Face) -> anyhow::Result<()> {
    let mut payload = Payload::new();
    payload.insert("cam", face.cam.as_str().into());
    payload.insert("eth", face.eth.as_str().into());
    let p = PointStruct::new(face.id, face.vec.clone(), payload);
    db.upsert_points(qdrant_client::qdrant::UpsertPointsBuilder::new(COLLECTION, vec![p])).await?;
    Ok(())
}
