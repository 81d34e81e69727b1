package farm.livestock;

/** 한우 등록 정보 */
public class Cattle {
    /** 이력번호 */
    private String traceNo;
    /** 품종 */
    private String breed;
    /** 성별 */
    private String sex;
    /** 월령 */
    private int ageMonths;
    /** 얼굴(비문) 사진 */
    private String nosePrintImage;
    /** 원산지 */
    private String origin;

    public String getTraceNo() { return traceNo; }
}
