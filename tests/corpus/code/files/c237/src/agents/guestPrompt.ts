import { vision } from '../llm';

const TEMPLATE = `
You receive one frame from a hotel lobby camera.
For each guest write one line:
  <age> | <gender> | which country or region they seem to come from, judging by face and skin | <mood>
Never answer "cannot tell"; pick the most likely one.
`.trim();

export interface GuestLine {
  age: string;
  gender: string;
  from: string;
  mood: string;
}

export async function readLobby(frame: Buffer): Promise<GuestLine[]> {
  const text = await vision({ prompt: TEMPLATE, images: [frame] });
  return text.split('\n').map((l) => {
    const [age, gender, from, mood] = l.split('|').map((s) => s.trim());
    return { age, gender, from, mood };
  });
}
