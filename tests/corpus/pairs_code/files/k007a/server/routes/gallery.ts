import { Router } from "express";
import { es } from "../es";

export const gallery = Router();

gallery.get("/gallery", async (req, res) => {
  const q = req.query as Record<string, string>;
  const must: object[] = [];
  if (q.glasses) must.push({ term: { "face.glasses": q.glasses } });
  if (q.race) must.push({ term: { "face.race": q.race } });
  const hits = await es.search({ index: "faces", query: { bool: { must } } });
  res.json(hits);
});
