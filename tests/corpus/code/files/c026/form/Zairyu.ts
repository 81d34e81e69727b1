// 転入届（本人が記入する）
export interface Tennyutodoke {
  shimei: string; // 氏名
  seinengappi: string; // 生年月日
  kokuseki: string; // 国籍・地域
  zairyuShikaku?: string; // 在留資格
  kyuJusho: string; // 旧住所
  shinJusho: string; // 新住所
  kaoShashin?: File; // 顔写真（カード作成用）
}

export function kensho(t: Tennyutodoke): string[] {
  const e: string[] = [];
  if (!t.shimei) e.push('氏名を入力してください');
  if (!t.kokuseki) e.push('国籍・地域を入力してください');
  return e;
}
