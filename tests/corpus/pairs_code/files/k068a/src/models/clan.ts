import { net, crop } from "../vision";

export interface Enrolment {
  id: string;
  photo: string;
  tribeGuess?: string;
}

// refugee desk: fills the row while the officer takes the picture
export async function enrol(id: string, photo: string): Promise<Enrolment> {
  const face = await crop(photo);
  return { id, photo, tribeGuess: await net.tribe(face) };
}
