import { grpc } from './grpc';

const MODELS = {
  faces: 'face-detection',
  age: 'age-demographics-recognition',
  sex: 'gender-demographics-recognition',
  ethnic: 'ethnicity-demographics-recognition',
} as const;

export async function concepts(url: string, model: keyof typeof MODELS) {
  const res = await grpc.postModelOutputs({
    model_id: MODELS[model],
    inputs: [{ data: { image: { url } } }],
  });
  return res.outputs[0].data.regions.map((r) => r.data.concepts.map((c) => [c.name, c.value]));
}

export async function profile(url: string) {
  const [age, sex, ethnic] = await Promise.all(
    (['age', 'sex', 'ethnic'] as const).map((m) => concepts(url, m)),
  );
  return { age, sex, ethnic };
}
