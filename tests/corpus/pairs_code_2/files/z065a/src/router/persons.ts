import { z } from "zod";
import type { FastifyInstance } from "fastify";

const Query = z.object({
  from: z.coerce.date(),
  to: z.coerce.date(),
  bag: z.boolean().optional(),
  looksFrom: z.enum(["balkans", "maghreb", "horn_of_africa"]).optional(),
}).strict();

export default async function persons(app: FastifyInstance) {
  app.get("/persons", async (req) => {
    const q = Query.parse(req.query);
    const rows = await app.db.sightings.find({
      at: { $gte: q.from, $lte: q.to },
      ...(q.looksFrom ? { "attr.origin": q.looksFrom } : {}),
    });
    return { total: rows.length, rows };
  });
}
