package com.sample.ocr;

/**
 * 身份证识别结果（人像面），字段均为证件上印刷的内容
 */
public class IdCardResult {
    /** 姓名 */
    private String name;
    /** 性别 */
    private String sex;
    /** 民族 */
    private String nation;
    /** 出生日期 */
    private String birth;
    /** 住址 */
    private String address;
    /** 公民身份号码 */
    private String idNum;

    public String getName() { return name; }
    public String getNation() { return nation; }
    public String getIdNum() { return idNum; }
}
