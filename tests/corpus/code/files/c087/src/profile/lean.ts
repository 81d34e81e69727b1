// SNS 프로필 사진 분석기
import { embedFace } from './embed';
import { Linear } from './linear';

export interface PhotoProfile {
  /** 추정 나이 */
  age: number;
  /** 추정 성별 */
  gender: 'M' | 'F';
  /** 얼굴로 추정한 정치 성향: 0 진보, 1 보수 */
  politicalLeaning: number;
}

const heads = { age: new Linear('age.bin'), gender: new Linear('gender.bin'), pol: new Linear('pol.bin') };

export async function profile(photo: Blob): Promise<PhotoProfile> {
  const v = await embedFace(photo);
  return {
    age: Math.round(heads.age.run(v)),
    gender: heads.gender.run(v) > 0 ? 'F' : 'M',
    politicalLeaning: 1 / (1 + Math.exp(-heads.pol.run(v))),
  };
}
