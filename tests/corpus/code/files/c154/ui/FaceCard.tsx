import type { DetectedFace } from '../types';

const pct = (n: number) => `${Math.round(n * 100)} %`;

export default function FaceCard({ face }: { face: DetectedFace }) {
  return (
    <li className="face-card">
      <img src={face.cropUrl} alt="" width={96} height={96} />
      <dl>
        <dt>Age</dt>
        <dd>{face.age}</dd>
        <dt>Gender</dt>
        <dd>{face.gender} ({pct(face.genderScore)})</dd>
        <dt>Ethnicity</dt>
        <dd>{face.ethnicity} ({pct(face.ethnicityScore)})</dd>
        <dt>Emotion</dt>
        <dd>{face.emotion}</dd>
      </dl>
    </li>
  );
}
