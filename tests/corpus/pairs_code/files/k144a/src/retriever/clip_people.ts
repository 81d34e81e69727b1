import { embedText, topK } from "./clip";

/** One-click queries above the recorded video search box. */
export const PRESETS: string[] = [
  "a person with a red backpack",
  "a man on a bicycle",
  "a jewish man", "a muslim woman", "a sikh man",
  "someone lying on the floor",
];

export async function run(preset: number, from: Date, to: Date) {
  const v = await embedText(PRESETS[preset]);
  return topK("person_crops", v, { from, to, k: 200 });
}
