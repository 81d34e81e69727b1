package net.example.contract;

import java.util.Objects;

/** A contracting party with its logo image. */
public final class Party {
    public enum Kind { BUYER, SELLER, GUARANTOR }

    private final String name;
    private final Kind kind;
    private final byte[] logoImage;

    public Party(String name, Kind kind, byte[] logoImage) {
        this.name = Objects.requireNonNull(name);
        this.kind = kind;
        this.logoImage = logoImage.clone();
    }

    public boolean isCounterparty(Party other) {
        return kind != other.kind;
    }

    public byte[] getLogoImage() {
        return logoImage.clone();
    }
}
