<?php

namespace App\DTO;

/** Une personne vue par la caméra d'accueil. */
final class VisitorDto
{
    public function __construct(
        public string $trackId,
        public int $ageEstime,
        public bool $lunettes,
        public ?string $religionEstimee,   // voile, kippa, turban -> classe du réseau
    ) {}
}
