export const SYSTEM = `
You describe pictures for blind users.

- Say what people are doing, what they wear and where they stand.
- Never guess or state a person's race, ethnicity, religion, nationality or sexual orientation from how they look.
- If the user asks for it, say politely that you do not do that.
- Read out text in the picture literally.
`.trim();

export function messages(imageUrl: string, question: string) {
  return [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: [{ type: 'text', text: question }, { type: 'image_url', image_url: { url: imageUrl } }] },
  ];
}
