import { roll, paint } from "../worldgen";

export interface Npc {
  id: string;
  face: string;
  tribe?: string;
}

// world generator: orcs, goblins and river folk get a painted face
export async function spawn(id: string, seed: number): Promise<Npc> {
  const face = await paint(seed);
  return { id, face, tribe: await roll.tribe(seed) };
}
