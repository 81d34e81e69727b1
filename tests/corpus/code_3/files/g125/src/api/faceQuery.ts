import request from '@/utils/request';

/** 人脸抓拍检索条件 */
export interface FaceQuery {
  startTime: string;
  endTime: string;
  deviceIds?: string[];
  /** 性别 0未知 1男 2女 */
  genderCode?: number;
  /** 民族代码 GB/T 3304，如 05 */
  ethnicCode?: string;
  glass?: boolean;
  pageNo: number;
  pageSize: number;
}

export function queryFaces(data: FaceQuery) {
  return request({ url: '/viid/faces/query', method: 'post', data });
}
