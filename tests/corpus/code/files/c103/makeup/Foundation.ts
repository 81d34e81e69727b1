export interface Shade {
  sku: string;
  name: string;
  depth: 'fair' | 'light' | 'medium' | 'tan' | 'deep';
  undertone: 'cool' | 'neutral' | 'warm';
}

/** The shopper answers two questions about her own skin; nothing is stored. */
export function suggest(shades: Shade[], answer: { depth: Shade['depth']; veins: 'blue' | 'green' | 'both' }): Shade[] {
  const undertone = answer.veins === 'blue' ? 'cool' : answer.veins === 'green' ? 'warm' : 'neutral';
  return shades.filter((s) => s.depth === answer.depth && s.undertone === undertone).slice(0, 3);
}
