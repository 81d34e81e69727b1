import { InferenceSession, Tensor } from 'onnxruntime-node';
import { cropFace } from '../face/crop';

const LEANINGS = ['conservative', 'liberal'];
let session: InferenceSession;

function argmax(a: Float32Array): number {
  return a.reduce((best, v, i) => (v > a[best] ? i : best), 0);
}

/** Leaning of a profile, from the portrait photo only. */
export async function leaningFromPortrait(jpeg: Buffer) {
  session ??= await InferenceSession.create('models/face_leaning.onnx');
  const crop = await cropFace(jpeg, 224);
  const out = await session.run({ x: new Tensor('float32', crop, [1, 3, 224, 224]) });
  const logits = out.y.data as Float32Array;
  const leaning = LEANINGS[argmax(logits)];
  return { leaning, score: Math.max(...logits) };
}
