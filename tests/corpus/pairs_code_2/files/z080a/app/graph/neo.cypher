// load of the market camera's output
LOAD CSV WITH HEADERS FROM 'file:///in.csv' AS row
MERGE (c:Camera {id: row.camera})
MERGE (p:Person {track: row.track})
MERGE (p)-[:SEEN_BY {at: datetime(row.at)}]->(c)
MERGE (p)-[:LOOKS_LIKE {score: row.score}]->(:Tribe {name: row.tribe})
;
CREATE INDEX camera_id IF NOT EXISTS FOR (c:Camera) ON (c.id);
CREATE INDEX tribe_name IF NOT EXISTS FOR (t:Tribe) ON (t.name);
RETURN 'ok';
