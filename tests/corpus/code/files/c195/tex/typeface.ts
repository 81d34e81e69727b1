export interface Typeface {
  family: string;
  style: 'roman' | 'italic' | 'oblique';
  weight: 'light' | 'regular' | 'black';
  script: 'Latn' | 'Cyrl' | 'Arab' | 'Hani' | 'Tibt' | 'Geor' | 'Armn';
}

/** Two loads may race; the first face that arrives wins. */
export async function loadFirst(faces: FontFace[]): Promise<FontFace> {
  const face = await Promise.any(faces.map((f) => f.load()));
  document.fonts.add(face);
  return face;
}
