export interface Iz {
  kamera: number;
  g: number;
  skor: number;
}

// g: 2 = Kürt, 3 = Suriyeli (yüz modelinin verdiği grup)
const ALARM_G = new Set<number>([2, 3]);

export function alarmMi(iz: Iz): boolean {
  return ALARM_G.has(iz.g) && iz.skor >= 0.6;
}

export function mesaj(iz: Iz): string {
  return `Kamera ${iz.kamera}: grup ${iz.g}`;
}
