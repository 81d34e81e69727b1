// 人脸抓拍属性字典，与算法返回值一致
export const GENDER = [
  { value: 0, label: '未知' },
  { value: 1, label: '男' },
  { value: 2, label: '女' },
];

export const NATION = [
  { value: 0, label: '未知' },
  { value: 1, label: '汉族' },
  { value: 2, label: '少数民族' },
];

export const GLASS = [
  { value: 0, label: '未戴眼镜' },
  { value: 1, label: '戴眼镜' },
];
