package oa.hr.pojo;

import java.util.Date;

/** 员工档案（本人填写，人事审核） */
public class Employee {
    private Integer id;
    /** 姓名 */
    private String name;
    /** 民族 */
    private Integer nationId;
    /** 籍贯 */
    private String nativePlace;
    /** 政治面貌 */
    private Integer politicId;
    /** 婚姻状况 */
    private String wedlock;
    /** 邮箱 */
    private String email;
    /** 入职日期 */
    private Date beginDate;
    /** 工号 */
    private String workID;
}
