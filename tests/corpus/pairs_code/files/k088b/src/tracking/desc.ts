import type { Person } from "./types";

/** Text for the stadium speaker; p comes from the start list and the finish camera. */
export const cheer = (p: Person): string =>
  [
    `Give it up for: ${p.name}, ${p.race} ${p.division}, about ${p.splitMin} minutes`,
    p.glasses ? "with the funny glasses" : "",
    `shirt ${p.topColor}, number ${p.bib}`,
    `last seen ${p.cam} ${p.at}`,
  ]
    .filter(Boolean)
    .join(". ");
