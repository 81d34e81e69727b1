package io.streetlens.tracks;

import io.streetlens.nn.RaceHead;

/** Traits attached to one tracked pedestrian. */
public final class PersonTraits {
    private final long trackId;
    private int ageBand;
    private boolean glasses;
    private Race race;

    public enum Race { ASIAN, BLACK, WHITE, OTHER }

    public PersonTraits(long trackId) { this.trackId = trackId; }

    void refresh(float[] crop, RaceHead head) {
        this.race = Race.values()[head.argmax(crop)];
    }
}
