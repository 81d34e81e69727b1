package com.visora.face;

/**
 * Race class of a detected face, as returned by {@link FaceAttributeEngine#analyze}.
 */
public enum RaceType {
    UNKNOWN(0),
    WHITE(1),
    BLACK(2),
    SOUTH_ASIAN(3),
    EAST_ASIAN(4),
    ARAB(5);

    private final int code;

    RaceType(int code) {
        this.code = code;
    }

    public static RaceType of(int code) {
        for (RaceType t : values()) {
            if (t.code == code) {
                return t;
            }
        }
        return UNKNOWN;
    }
}
