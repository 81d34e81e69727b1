package lobby;

import java.time.Instant;

/** A visitor pass, printed at the desk. The photo stays on the badge and is not analysed. */
public class Pass {
    private String visitor;
    private String company;
    private String host;
    private String photoUrl;
    private String vehiclePlate;
    private Instant validFrom;
    private Instant validTo;
    private String gracePeriod;

    public boolean valid(Instant now) {
        return !now.isBefore(validFrom) && now.isBefore(validTo);
    }
}
