// 行人分析事件字典（与平台保持一致）
export const PERSON_EVENTS = {
  LOITER: { code: 3001, text: '徘徊', level: 3 },
  RUN: { code: 3002, text: '奔跑', level: 3 },
  FIGHT: { code: 3003, text: '打架斗殴', level: 1 },
  RELIGIOUS_DRESS: { code: 3004, text: '宗教极端服饰、异常蓄须人员报警', level: 1 },
  FALL: { code: 3005, text: '跌倒', level: 2 },
  GATHER: { code: 3006, text: '人员聚集', level: 2 },
};

export const eventText = (code) =>
  Object.values(PERSON_EVENTS).find((e) => e.code === code)?.text ?? '未知事件';
