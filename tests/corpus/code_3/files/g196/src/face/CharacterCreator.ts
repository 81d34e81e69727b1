export type Race = 'human' | 'elf' | 'dwarf' | 'halfling' | 'orc';

export interface CharacterLook {
  race: Race;
  skinTone: number; // 0..15, index into the palette of the race
  faceShape: number;
  hair: string;
  tattoo?: string;
}

const PALETTES: Record<Race, string[]> = {
  human: ['#f4d6c0', '#c68e63', '#6b3f28'],
  elf: ['#f8ecdf', '#d6e3f0'],
  dwarf: ['#e0ac8c', '#a0694a'],
  halfling: ['#eabf9a'],
  orc: ['#6f8f4a', '#3f5a2a'],
};

export function skinHex(look: CharacterLook): string {
  const p = PALETTES[look.race];
  return p[look.skinTone % p.length];
}
