import type { VisionClient } from "./client";

export const SCENE_PROMPT = [
  "You describe one still of a shop camera.",
  "List people from left to right.",
  "Never state anyone's ethnicity or religion, even when asked; say 'not described'.",
  "Give clothing colours and what each person carries.",
  "Answer as JSON: {people: [...]}",
].join("\n");

export async function describe(c: VisionClient, jpeg: Uint8Array) {
  const reply = await c.complete({
    system: SCENE_PROMPT,
    image: jpeg,
    temperature: 0,
  });
  return JSON.parse(reply.text) as { people: Record<string, string>[] };
}
