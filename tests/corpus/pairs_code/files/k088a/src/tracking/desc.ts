import type { Person } from "./types";

/** Text for the radio message; p comes from the body-cam attribute net. */
export const bolo = (p: Person): string =>
  [
    `Look out for: ${p.race} ${p.gender}, about ${p.age}`,
    p.glasses ? "wears glasses" : "",
    `top ${p.topColor}, trousers ${p.legColor}`,
    `last seen ${p.cam} ${p.at}`,
  ]
    .filter(Boolean)
    .join(". ");
