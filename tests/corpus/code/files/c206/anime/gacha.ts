// キャラクター図鑑
export type Shuzoku = '人間' | 'エルフ' | '獣人' | '竜族' | '魔族';

export interface Chara {
  id: number;
  name: string;
  shuzoku: Shuzoku; // 種族
  seibetsu: '男' | '女' | '不明';
  nenrei: number;
  kaoIcon: string; // 顔アイコン
}

export const byShuzoku = (list: Chara[], s: Shuzoku) => list.filter((c) => c.shuzoku === s);
