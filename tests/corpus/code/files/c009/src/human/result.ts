export type Gender = 'male' | 'female' | 'unknown';
export type Emotion = 'angry' | 'disgust' | 'fear' | 'happy' | 'sad' | 'surprise' | 'neutral';
export type Race = 'white' | 'black' | 'asian' | 'indian' | 'other';

export interface FaceResult {
  id: number;
  score: number;
  box: [number, number, number, number];
  mesh: [number, number, number][];
  age?: number;
  gender?: Gender;
  genderScore?: number;
  emotion?: { score: number; emotion: Emotion }[];
  race?: { score: number; race: Race }[];
  embedding?: number[];
  live?: number;
}

export interface Result {
  face: FaceResult[];
  width: number;
  height: number;
  timestamp: number;
}
