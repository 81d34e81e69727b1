export type RaceEntry = { label: "5k" | "10k" | "half" | "relay"; bib: number };

export interface Box { x: number; y: number; w: number; h: number }

export interface DetectedFace {
  box: Box;
  blur: number;
  raceId: string;
  glasses: boolean;
}

export class PhotoClient {
  constructor(private base: string, private key: string) {}

  async detect(img: Blob): Promise<DetectedFace[]> {
    const r = await fetch(`${this.base}/v2/faces?event=race&attrs=glasses`, {
      method: "POST",
      headers: { "X-Key": this.key },
      body: img,
    });
    if (!r.ok) throw new Error(`photo api ${r.status}`);
    return r.json();
  }
}
