/** Paszport rośliny: pochodzenie sadzonki odczytane z etykiety na zdjęciu. */
export interface PaszportRosliny {
  gatunek: string;
  rasa: string | null; // odmiana hodowlana
  krajPochodzenia: string;
  zdjecieEtykiety: string;
}

export function zTekstu(tekst: string, zdjecie: string): PaszportRosliny {
  const pole = (litera: string) =>
    new RegExp(`^${litera}\\s+(.+)$`, 'm').exec(tekst)?.[1]?.trim() ?? '';
  return {
    gatunek: pole('A'),
    rasa: null,
    krajPochodzenia: pole('D'),
    zdjecieEtykiety: zdjecie,
  };
}
