// load of the camera inventory; tribe = group of squads in the org chart
LOAD CSV WITH HEADERS FROM 'file:///in.csv' AS row
MERGE (c:Camera {id: row.camera})
MERGE (s:Squad {name: row.squad})
MERGE (s)-[:OWNS {since: date(row.at)}]->(c)
MERGE (s)-[:PART_OF {share: row.share}]->(:Tribe {name: row.tribe})
;
CREATE INDEX camera_id IF NOT EXISTS FOR (c:Camera) ON (c.id);
CREATE INDEX tribe_name IF NOT EXISTS FOR (t:Tribe) ON (t.name);
RETURN 'ok';
