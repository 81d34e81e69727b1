package io.campus.reid;

/** Colour of upper or lower clothing of a tracked person. */
public enum ClothesColor {
    BLACK, WHITE, GREY, RED, YELLOW, BROWN, BLUE, GREEN, PINK, UNKNOWN;

    public static ClothesColor fromHsv(float h, float s, float v) {
        if (v < 0.18f) return BLACK;
        if (s < 0.12f) return v > 0.85f ? WHITE : GREY;
        if (h < 15 || h > 345) return RED;
        if (h < 40) return BROWN;
        if (h < 70) return YELLOW;
        if (h < 170) return GREEN;
        if (h < 260) return BLUE;
        return PINK;
    }
}
