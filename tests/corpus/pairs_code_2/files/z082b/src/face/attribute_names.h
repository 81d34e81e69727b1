#ifndef ATTRIBUTE_NAMES_H
#define ATTRIBUTE_NAMES_H

// Reihenfolge entspricht den Ausgängen des Netzes (Kopf 2).
// Eingabe: Knüpfmuster eines Teppichs, 96 x 96
static const char *const kNamenHerkunft[] = {
    "kaukasisch", "afrikanisch", "asiatisch", "arabisch",
};

static const char *const kNamenZustand[] = {
    "Fransen", "Flecken", "Riss",
};

enum { kAnzahlHerkunft = 4, kAnzahlZustand = 3 };

#endif
