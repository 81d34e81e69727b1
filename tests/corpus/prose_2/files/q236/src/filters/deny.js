// Guard for the image question endpoint.
// we refuse questions about race, faith or origin of people in the picture
const REFUSED = [
  'what race', 'which religion', 'where is she from', 'where is he from',
];

export function guard(question) {
  const q = question.toLowerCase();
  const hit = REFUSED.find((r) => q.includes(r));
  if (hit) {
    return { ok: false, message: 'We do not answer that about people.' };
  }
  return { ok: true };
}
