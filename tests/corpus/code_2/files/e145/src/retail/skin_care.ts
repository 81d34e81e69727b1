/** Recognises a skin-care product from a photo of its packaging. */
const SHADES = ['ivory', 'sand', 'honey', 'espresso'] as const;

export interface ProductHit {
  sku: string;
  brand: string;
  shade: (typeof SHADES)[number] | null;
  score: number;
}

export function fromLabel(text: string): ProductHit['shade'] {
  const t = text.toLowerCase();
  return SHADES.find((s) => t.includes(s)) ?? null;
}

export function best(hits: ProductHit[]): ProductHit | undefined {
  return [...hits].sort((a, b) => b.score - a.score)[0];
}
