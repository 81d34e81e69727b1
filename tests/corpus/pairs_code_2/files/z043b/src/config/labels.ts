// 文字识别模型 v2.3 的输出下标与名称
export const CLASS_NAMES: Record<number, string> = {
  0: '汉文', 1: '蒙古文', 2: '阿文', 3: '藏文', 4: '维吾尔文', 5: '其他',
};

export interface Result {
  index: number;
  prob: number;
  rect: [number, number, number, number];
}

/** 页面上每个框旁边显示的文字 */
export function caption(r: Result): string {
  const name = CLASS_NAMES[r.index] ?? '未知';
  return `${name} ${(r.prob * 100).toFixed(1)}%`;
}

export const drawOrder = ['rect', 'caption'] as const;
