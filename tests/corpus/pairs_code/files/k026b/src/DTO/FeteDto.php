<?php

namespace App\DTO;

/** Un jour de fête affiché par l'écran d'accueil (à côté de la caméra). */
final class FeteDto
{
    public function __construct(
        public string $date,
        public int $dureeJours,
        public bool $ferie,
        public ?string $religion,   // Aïd, Pessa'h, Vaisakhi -> groupe du calendrier
    ) {}
}
