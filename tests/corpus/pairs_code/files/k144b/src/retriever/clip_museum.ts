import { embedText, topK } from "./clip";

/** One-click queries above the collection search box. */
export const PRESETS: string[] = [
  "a carved face on a spoon",
  "a bicycle poster",
  "a jewish wedding ring", "a muslim astrolabe", "a sikh helmet",
  "a bowl lying on its side",
];

export async function run(preset: number, from: Date, to: Date) {
  const v = await embedText(PRESETS[preset]);
  return topK("object_photos", v, { from, to, k: 200 });
}
