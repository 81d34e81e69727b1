use qdrant_client::{qdrant::PointStruct, Payload, Qdrant};

use crate::model::Node;

pub const COLLECTION: &str = "edge_boxes";

/// `eth` is the wired interface the box uses ("eth0", "eth1", ...).
pub async fn put(db: &Qdrant, node: &Node) -> anyhow::Result<()> {
    let mut payload = Payload::new();
    payload.insert("cam", node.cam.as_str().into());
    payload.insert("eth", node.eth.as_str().into());
    let p = PointStruct::new(node.id, node.vec.clone(), payload);
    db.upsert_points(qdrant_client::qdrant::UpsertPointsBuilder::new(COLLECTION, vec![p])).await?;
    Ok(())
}
