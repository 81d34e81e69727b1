package rzhy;

import lombok.Data;

/** 人证核验记录：读卡器读取证件信息，与现场照片 1:1 比对 */
@Data
public class IdVerify {
    /** 证件姓名 */
    private String cardName;
    /** 证件性别 */
    private String cardSex;
    /** 证件民族 */
    private String cardNation;
    /** 证件号码 */
    private String cardNo;
    /** 证件照片 */
    private String cardPhoto;
    /** 现场人脸照片 */
    private String livePhoto;
    /** 相似度 */
    private Double similarity;
    /** 核验结果 */
    private Boolean passed;
}
