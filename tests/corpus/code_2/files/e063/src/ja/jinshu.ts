/** 写真プリント注文の型定義 */
export interface Order {
  id: string;
  写真枚数: number;
  用紙: 'L判' | '2L判' | 'A4';
  光沢: boolean;
  人物補正: boolean; // 明るさのみ
  原産国: string; // 用紙の原産国
}

export function 料金(o: Order): number {
  const 単価 = { L判: 30, '2L判': 60, A4: 180 }[o.用紙];
  return 単価 * o.写真枚数 + (o.人物補正 ? 50 : 0);
}
