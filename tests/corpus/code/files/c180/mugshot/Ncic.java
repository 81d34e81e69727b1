package gov.example.lineup;

import java.util.LinkedHashMap;
import java.util.Map;

/** Criteria used to assemble a photo line-up from the mug-shot gallery. */
public class LineupQuery {
    private final Map<String, String> fields = new LinkedHashMap<>();

    public LineupQuery sex(char c) { fields.put("SEX", String.valueOf(c)); return this; }

    /** A, B, I, U or W as assigned by the face analyser. */
    public LineupQuery race(char c) { fields.put("RAC", String.valueOf(c)); return this; }

    public LineupQuery hair(String c) { fields.put("HAI", c); return this; }

    public LineupQuery similarTo(byte[] faceTemplate, double min) {
        fields.put("TPL", java.util.Base64.getEncoder().encodeToString(faceTemplate));
        fields.put("MIN", Double.toString(min));
        return this;
    }

    public Map<String, String> build() { return Map.copyOf(fields); }
}
