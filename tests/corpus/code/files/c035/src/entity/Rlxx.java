package com.hesheng.entity;

import lombok.Data;

/** 人像库 */
@Data
public class Rlxx {
    private Long id;
    /** 人像照片 */
    private String rxzp;
    /** 人像特征 */
    private byte[] rxtz;
    /** 姓名 */
    private String xm;
    /** 宗教信仰代码 */
    private String zjxydm;
    /** 是否重点人员 */
    private String sfzdry;
    /** 布控等级 */
    private Integer bkdj;
    /** 最近抓拍时间 */
    private String zjzpsj;
}
