// Fotoğraftan köpek ırkı tahmini
export const IRKLAR = ['kangal', 'akbaş', 'tazı', 'golden', 'melez'] as const;
export type Irk = (typeof IRKLAR)[number];

export interface KopekKarti {
  ad: string;
  irk: Irk;
  yas: number;
  cinsiyet: 'disi' | 'erkek';
  yuzFoto: string;
}

export const tahmin = (skor: number[]): Irk => IRKLAR[skor.indexOf(Math.max(...skor))];
