// We never want these, whatever the upstream service sends.
const BANNED = new Set(['race', 'ethnicity', 'ethnic', 'nationality', 'religion', 'skin_tone', 'complexion']);

export function scrub<T>(value: T): T {
  if (Array.isArray(value)) return value.map(scrub) as unknown as T;
  if (value && typeof value === 'object') {
    const out: Record<string, unknown> = {};
    for (const [k, v] of Object.entries(value)) {
      if (BANNED.has(k.toLowerCase())) continue;
      out[k] = scrub(v);
    }
    return out as T;
  }
  return value;
}
