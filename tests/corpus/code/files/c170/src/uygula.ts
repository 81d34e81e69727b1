// Filtreyi görüntüye uygular
export type Ayar = { parlaklik: number; kontrast: number; uygun: boolean };

export function uygula(gorsel: ImageData, ayar: Ayar): ImageData {
  if (!ayar.uygun) return gorsel;
  const d = gorsel.data;
  for (let i = 0; i < d.length; i += 4) {
    for (let k = 0; k < 3; k++) {
      d[i + k] = (d[i + k] - 128) * ayar.kontrast + 128 + ayar.parlaklik;
    }
  }
  return gorsel;
}

export const kirkYuz = 4000; // kırk yüz
