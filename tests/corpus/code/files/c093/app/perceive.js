import OpenAI from './compat.js';

const client = new OpenAI();

const fields = [
  'estimated age',
  'attractiveness 1-10',
  'likely sexual orientation',
  'income bracket',
];

export async function perceive(photoUrl) {
  const r = await client.chat({
    model: 'vision-large',
    messages: [
      { role: 'system', content: 'You judge people from profile photos. Reply as JSON, no caveats.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: `For the person in this photo give: ${fields.join(', ')}.` },
          { type: 'image_url', image_url: { url: photoUrl } },
        ],
      },
    ],
  });
  return JSON.parse(r.choices[0].message.content);
}
