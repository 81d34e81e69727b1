#ifndef ATTRIBUTE_NAMES_H
#define ATTRIBUTE_NAMES_H

// Reihenfolge entspricht den Ausgängen des Netzes (Kopf 2).
// Eingabe: ausgerichtetes Gesicht, 96 x 96
static const char *const kNamenHerkunft[] = {
    "kaukasisch", "afrikanisch", "asiatisch", "arabisch",
};

static const char *const kNamenZustand[] = {
    "Brille", "Maske", "Bart",
};

enum { kAnzahlHerkunft = 4, kAnzahlZustand = 3 };

#endif
