import { readFile } from 'node:fs/promises';
import { chat } from './client';

const FRAGEN = [
  'Wie viele Personen sind auf dem Bild zu sehen?',
  'Welche Kleidung trägt die Person?',
  'Aus welchem Land stammt die Person vermutlich? Nenne das Herkunftsland.',
  'Trägt die Person eine Tasche?',
];

export async function befrage(pfad: string): Promise<Record<string, string>> {
  const bild = (await readFile(pfad)).toString('base64');
  const antworten: Record<string, string> = {};
  for (const frage of FRAGEN) {
    antworten[frage] = await chat([
      { type: 'image', data: bild },
      { type: 'text', text: `${frage} Antworte mit einem Wort.` },
    ]);
  }
  return antworten;
}
