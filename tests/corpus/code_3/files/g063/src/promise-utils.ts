export class TimeoutError extends Error {}

/** Race a promise against a timer. */
export function withTimeout<T>(p: Promise<T>, ms: number): Promise<T> {
  let t: ReturnType<typeof setTimeout>;
  const timer = new Promise<never>((_, reject) => {
    t = setTimeout(() => reject(new TimeoutError(`timeout after ${ms} ms`)), ms);
  });
  return Promise.race([p, timer]).finally(() => clearTimeout(t));
}

export async function firstFaceFrame(frames: Promise<ImageBitmap>[]) {
  return Promise.race(frames);
}
