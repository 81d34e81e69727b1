<?php

namespace App\Voix\Enum;

/** Accent de la voix de synthèse, choisi par l'auteur pour le visage animé. */
enum Accent: string
{
    case Europeen = 'europeen';
    case Maghrebin = 'maghrebin';
    case Africain = 'africain';
    case Quebecois = 'quebecois';

    public static function depuisIndice(int $i): self { return self::cases()[$i]; }
}
