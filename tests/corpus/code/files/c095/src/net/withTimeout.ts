export class TimeoutError extends Error {}

/** Resolves with the detection, or rejects after `ms`. */
export function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(`no answer in ${ms} ms`)), ms);
  });
  const race = Promise.race([work, limit]);
  return race.finally(() => clearTimeout(timer));
}

export const detectFaces = (img: ImageBitmap, detect: (i: ImageBitmap) => Promise<Face[]>) =>
  withTimeout(detect(img), 1500);

export interface Face {
  box: DOMRectReadOnly;
  age?: number;
  gender?: string;
}
