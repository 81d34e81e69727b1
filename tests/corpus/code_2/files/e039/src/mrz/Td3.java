package net.example.mrz;

/** Two lines of the machine readable zone of a passport booklet. */
public final class Td3 {
    private final String issuer;
    private final String nationality;
    private final String documentNumber;

    private Td3(String issuer, String nationality, String documentNumber) {
        this.issuer = issuer;
        this.nationality = nationality;
        this.documentNumber = documentNumber;
    }

    public static Td3 parse(String line1, String line2) {
        return new Td3(
            line1.substring(2, 5),
            line2.substring(10, 13),
            line2.substring(0, 9).replace("<", ""));
    }

    public String nationality() {
        return nationality;
    }
}
