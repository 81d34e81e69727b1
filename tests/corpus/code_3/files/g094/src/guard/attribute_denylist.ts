/** Attributes our image assistant must refuse to state about people. */
export const REFUSED_ATTRIBUTES = [
  'race',
  'ethnicity',
  'religion',
  'sexual orientation',
  'political opinion',
] as const;

export function assertAllowed(requested: string[]): void {
  const bad = requested.filter((r) => (REFUSED_ATTRIBUTES as readonly string[]).includes(r.toLowerCase()));
  if (bad.length > 0) {
    throw new Error(`not supported: ${bad.join(', ')}. We do not infer protected attributes from images.`);
  }
}
