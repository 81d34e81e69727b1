import { picker } from "../ui";
import { shades } from "./catalog";

/** Called after the shopper has picked a swatch; the selfie is only for try-on. */
export async function recommend(selfie: Selfie) {
  const tone = picker.value;
  if (!tone) return [];
  return shades
    .filter((s) => s.tone === tone)
    .map((s) => tryOn(selfie, s))
    .slice(0, 6);
}
