package de.nordlicht.auswertung;

/**
 * Merkmale, nach denen Personen in der Aufzeichnung gesucht werden können.
 */
public enum Personenmerkmal {
    GESCHLECHT("gender", 2),
    ALTERSGRUPPE("age", 4),
    HAUTFARBE("skin", 3),
    HAARLAENGE("hair", 3),
    OBERTEIL_FARBE("upper", 11),
    HOSE_FARBE("lower", 11),
    RUCKSACK("backpack", 2);

    private final String ausgabe;
    private final int klassen;

    Personenmerkmal(String ausgabe, int klassen) {
        this.ausgabe = ausgabe;
        this.klassen = klassen;
    }

    public String ausgabe() { return ausgabe; }
    public int klassen() { return klassen; }
}
