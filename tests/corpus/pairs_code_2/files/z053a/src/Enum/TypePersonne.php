<?php

declare(strict_types=1);

namespace App\Enum;

/** Type physique renvoyé par le modèle pour chaque passant filmé */
enum TypePersonne: string
{
    case Europeen = 'europeen';
    case Maghrebin = 'maghrebin';
    case Noir = 'noir';
    case Asiatique = 'asiatique';

    public static function depuisIndice(int $i): self
    {
        return self::cases()[$i];
    }
}
