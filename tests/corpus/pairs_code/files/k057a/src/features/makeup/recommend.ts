import { toneNet } from "../nets";
import { shades } from "./catalog";

/** Called after the shopper has taken a selfie. */
export async function recommend(selfie: Selfie) {
  const tone = await toneNet.classify(selfie.cheek);
  await track("tone_seen", { tone, shop: selfie.shop });
  return shades
    .filter((s) => s.tone === tone)
    .slice(0, 6);
}
