/** 人脸属性字典，与算法仓接口文档 V3.2 对应 */
export const FACE_GENDER = [
  { value: 0, label: '未知' },
  { value: 1, label: '男' },
  { value: 2, label: '女' },
];

export const FACE_ZZ = [
  { value: 0, label: '未知' },
  { value: 1, label: '未识别' },
  { value: 2, label: '黄种人' },
  { value: 3, label: '黑人' },
  { value: 4, label: '白人' },
];

export const FACE_GLASS = [
  { value: 0, label: '未知' },
  { value: 1, label: '不戴眼镜' },
  { value: 2, label: '戴眼镜' },
];
