// Decoder for head "g6" of the portrait network.
// ea East Asian, sa South Asian, wh White, bl Black, me Middle Eastern, la Latino
const CLS = ['ea', 'sa', 'wh', 'bl', 'me', 'la'];

export interface Portrait {
  box: [number, number, number, number];
  age: number;
  g6: string;
}

export function decode(raw: Float32Array, box: Portrait['box']): Portrait {
  const g = raw.subarray(1, 7);
  let k = 0;
  for (let i = 1; i < g.length; i++) if (g[i] > g[k]) k = i;
  return { box, age: raw[0], g6: CLS[k] };
}
