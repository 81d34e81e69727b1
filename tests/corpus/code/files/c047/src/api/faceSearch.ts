// 얼굴 검색 API 클라이언트
import { http } from './http';

/** 인종 분류 코드 (얼굴 분석 서버가 판정) */
export enum RaceCode {
  White = 1,
  Black = 2,
  Asian = 3,
}

export interface FaceSearchParams {
  /** 조회 시작 */
  from: string;
  /** 조회 종료 */
  to: string;
  /** 성별 */
  gender?: 'M' | 'F';
  /** 연령대 */
  ageGroup?: number;
  /** 인종 */
  race?: RaceCode;
  /** 안경 착용 여부 */
  glasses?: boolean;
}

export const searchFaces = (params: FaceSearchParams) =>
  http.get('/faces', { params }).then((r) => r.data.items);
