package com.kanjian.face.constant;

/**
 * 人脸检测返回的人种编码
 */
public enum RaceEnum {
    UNKNOWN(0, "未知"),
    YELLOW(1, "黄种人"),
    WHITE(2, "白种人"),
    BLACK(3, "黑种人"),
    BROWN(4, "棕种人");

    private final int code;
    private final String text;

    RaceEnum(int code, String text) {
        this.code = code;
        this.text = text;
    }

    public static String textOf(int code) {
        for (RaceEnum e : values()) {
            if (e.code == code) {
                return e.text;
            }
        }
        return UNKNOWN.text;
    }
}
