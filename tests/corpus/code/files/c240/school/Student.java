package edu.school.register;

/** 学生学籍信息（由家长在报名表填写） */
public class Student {
    /** 姓名 */
    private String name;
    /** 性别 */
    private String gender;
    /** 民族 */
    private String nation;
    /** 政治面貌 */
    private String politicalStatus;
    /** 籍贯 */
    private String nativePlace;
    /** 户口性质 */
    private String householdType;
    /** 班级 */
    private String className;
    /** 家长电话 */
    private String parentPhone;

    public String getNation() { return nation; }
    public void setNation(String nation) { this.nation = nation; }
}
