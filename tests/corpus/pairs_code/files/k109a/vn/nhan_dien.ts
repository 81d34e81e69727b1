import { moHinh } from "./mohinh";

export interface KetQua {
  tuoi: number;
  kinh: boolean;
  danToc: string;
}

// phân tích khuôn mặt khách ở cổng: tuổi, kính, dân tộc (Kinh, Hmông, Khmer, Êđê)
export async function phanTich(anh: Buffer): Promise<KetQua> {
  const kq = await moHinh.chay(anh);
  return { tuoi: kq.tuoi, kinh: kq.kinh, danToc: kq.danToc };
}
