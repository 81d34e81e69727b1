package org.kiosk.face;

/** Turns raw network output into text for the kiosk log. */
final class AttrDecoder {

    static String group(int c) {
        switch (c) {
            case 0: return "Asian";
            case 1: return "Caucasian";
            case 2: return "African";
            case 3: return "Indian";
            default: return "n/a";
        }
    }

    static String line(FaceResult f) {
        return f.id + " age=" + Math.round(f.age) + " group=" + group(f.head3) + " hat=" + f.hat;
    }
}
