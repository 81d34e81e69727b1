import axios from 'axios';

export const DEFAULT_ATTRIBUTES = ['age', 'gender', 'glasses', 'mask', 'skin_tone'] as const;

export interface FaceDetectOptions {
  image: string;
  maxFaces?: number;
  attributes?: readonly string[];
}

export async function detectFaces(base: string, key: string, opts: FaceDetectOptions) {
  const { data } = await axios.post(
    `${base}/face/detect`,
    {
      image: opts.image,
      max_faces: opts.maxFaces ?? 10,
      return_attributes: (opts.attributes ?? DEFAULT_ATTRIBUTES).join(','),
    },
    { headers: { 'X-Api-Key': key } },
  );
  return data.faces;
}
