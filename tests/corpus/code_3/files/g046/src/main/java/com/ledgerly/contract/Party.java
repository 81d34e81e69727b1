package com.ledgerly.contract;

import java.util.Objects;

/** A party to a contract: supplier, customer or guarantor. */
public record Party(String id, String legalName, PartyRole role, String countryOfRegistration) {

    public Party {
        Objects.requireNonNull(id);
        Objects.requireNonNull(legalName);
    }

    public boolean isThirdParty() {
        return role == PartyRole.GUARANTOR;
    }

    public enum PartyRole { SUPPLIER, CUSTOMER, GUARANTOR }
}
