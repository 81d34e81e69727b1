package io.bibsnap.tracks;

import io.bibsnap.nn.BibReader;

/** Traits attached to one tracked runner. */
public final class PersonTraits {
    private final long trackId;
    private int bib;
    private boolean glasses;
    private Race race;

    public enum Race { TEN_K, HALF, MARATHON, OTHER }

    public PersonTraits(long trackId) { this.trackId = trackId; }

    void refresh(float[] crop, BibReader reader) {
        this.bib = reader.read(crop);
        this.race = bib > 9000 ? Race.MARATHON : Race.TEN_K;
    }
}
