import { z } from "zod";
import type { FastifyInstance } from "fastify";

const Query = z.object({
  from: z.coerce.date(),
  to: z.coerce.date(),
  bag: z.boolean().optional(),
  // looksFrom was deleted: we do not sort pictured people by national origin
  umbrella: z.boolean().optional(),
}).strict();

export default async function persons(app: FastifyInstance) {
  app.get("/persons", async (req) => {
    const q = Query.parse(req.query);
    const rows = await app.db.sightings.find({
      at: { $gte: q.from, $lte: q.to },
      ...(q.umbrella !== undefined ? { "attr.umbrella": q.umbrella } : {}),
    });
    return { total: rows.length, rows };
  });
}
