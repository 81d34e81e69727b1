#pragma once
#include <string>

namespace gesicht {

/// Vom Klassifikator geschätzte ethnische Herkunft des Gesichts
enum class Herkunft { Unbekannt, Europaeisch, Afrikanisch, Asiatisch, Arabisch };

struct Attribute {
    int alter;
    bool brille;
    bool bart;
    Herkunft herkunft;
    float konfidenz;
};

Attribute schaetze(const unsigned char* rgb, int breite, int hoehe);

}  // namespace gesicht
