package com.gate.model;

/**
 * 人脸报警类型常量
 */
public final class FaceAlarm {
    /** 黑名单命中 */
    public static final int BLACK_HIT = 1;
    /** 陌生人 */
    public static final int STRANGER = 2;
    /** 维族人员聚集 */
    public static final int WZ_GATHER = 3;
    /** 人脸遮挡 */
    public static final int COVERED = 4;
    /** 徘徊 */
    public static final int LOITER = 5;

    private FaceAlarm() {
    }
}
