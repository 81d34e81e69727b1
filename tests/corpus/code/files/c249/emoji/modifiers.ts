export const SKIN_TONES = {
  light: '\u{1F3FB}',
  mediumLight: '\u{1F3FC}',
  medium: '\u{1F3FD}',
  mediumDark: '\u{1F3FE}',
  dark: '\u{1F3FF}',
} as const;

export type SkinTone = keyof typeof SKIN_TONES;

/** Apply a skin tone to a hand, face or person emoji. */
export function withTone(base: string, tone?: SkinTone): string {
  if (!tone) return base;
  const [first, ...rest] = Array.from(base);
  return first + SKIN_TONES[tone] + rest.join('');
}

export const stripTone = (s: string) => s.replace(/[\u{1F3FB}-\u{1F3FF}]/gu, '');
