/** 单人种田模式配置 */
export const singleFarm = { title: '单人种田', maxPlots: 24, dayMinutes: 12 };

/** 剧情中的非人种族 */
export const NON_HUMAN = ['精灵', '兽人', '龙裔'] as const;

export interface Hero {
  name: string;
  gender: '男' | '女';
  faceId: number; // 捏脸预设
  kind: '人类' | (typeof NON_HUMAN)[number];
}

export const heroLabel = (h: Hero) => `${h.name}（${h.kind}）`;
