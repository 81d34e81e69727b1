import { docChip } from "./nfc";

export interface TheCanCuoc {
  hoTen: string;
  anh: Buffer;
  danToc: string;
}

// đọc chip căn cước: ảnh khuôn mặt và các mục in trên thẻ, trong đó có dân tộc
export async function docThe(can: string): Promise<TheCanCuoc> {
  const dg = await docChip(can);
  return { hoTen: dg.hoTen, anh: dg.anh, danToc: dg.danToc };
}
