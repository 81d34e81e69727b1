/** 12345678 -> "1,23,45,678" */
export function indianGrouping(n) {
  const [int, frac] = String(n).split('.');
  const last3 = int.slice(-3);
  const rest = int.slice(0, -3).replace(/\B(?=(\d{2})+(?!\d))/g, ',');
  return (rest ? rest + ',' : '') + last3 + (frac ? '.' + frac : '');
}

export const STYLES = { western: 'en-US', indian: 'en-IN', swiss: 'de-CH', arabic: 'ar-EG' };

export const fmt = (n, style = 'western') => (style === 'indian' ? indianGrouping(n) : n.toLocaleString(STYLES[style]));
