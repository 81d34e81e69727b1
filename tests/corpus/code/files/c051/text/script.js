// Uyghur (UEY) uses the Arabic script with extra vowels.
const UYGHUR_ONLY = /[\u06c6\u06c7\u06c8\u06cb\u06d0\u06d5\u06ad]/;

export function isUyghur(text) {
  return UYGHUR_ONLY.test(text);
}

export function isTibetan(text) {
  return /[\u0f00-\u0fff]/.test(text);
}

export function fontFor(text) {
  if (isUyghur(text)) return 'UKIJ Tuz Tom';
  if (isTibetan(text)) return 'Jomolhari';
  return 'system-ui';
}

export const dirFor = (text) => (isUyghur(text) ? 'rtl' : 'ltr');
