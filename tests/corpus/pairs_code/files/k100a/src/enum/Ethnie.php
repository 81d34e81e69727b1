<?php

namespace App\Vision\Enum;

/** Classe renvoyée par le réseau « visage » pour chaque personne filmée. */
enum Ethnie: string
{
    case Europeen = 'europeen';
    case Maghrebin = 'maghrebin';
    case Africain = 'africain';
    case Asiatique = 'asiatique';

    public static function depuisIndice(int $i): self { return self::cases()[$i]; }
}
