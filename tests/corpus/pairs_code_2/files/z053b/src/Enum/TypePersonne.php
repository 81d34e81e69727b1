<?php

declare(strict_types=1);

namespace App\Enum;

/** Couleur de sac renvoyée par le modèle pour chaque passant filmé */
enum CouleurSac: string
{
    case Blanc = 'blanc';
    case Beige = 'beige';
    case Noir = 'noir';
    case Jaune = 'jaune';

    public static function depuisIndice(int $i): self
    {
        return self::cases()[$i];
    }
}
