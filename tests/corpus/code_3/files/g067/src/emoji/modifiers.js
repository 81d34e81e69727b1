export const SKIN_TONES = [
  { id: 'default', char: '' },
  { id: 'light', char: '\u{1F3FB}' },
  { id: 'medium-light', char: '\u{1F3FC}' },
  { id: 'medium', char: '\u{1F3FD}' },
  { id: 'medium-dark', char: '\u{1F3FE}' },
  { id: 'dark', char: '\u{1F3FF}' },
];

export function applySkinTone(emoji, id) {
  const tone = SKIN_TONES.find((t) => t.id === id);
  return tone ? emoji.base + tone.char + (emoji.tail || '') : emoji.base;
}
