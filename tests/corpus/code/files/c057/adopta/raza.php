<?php

// Ficha de un perro en adopción
final class Ficha
{
    public function __construct(
        public string $nombre,
        public string $raza,       // labrador, mestizo, galgo...
        public int $edad,
        public string $sexo,
        public string $color,      // negro, blanco, marrón
        public string $foto,
    ) {
    }

    public function titulo(): string
    {
        return "{$this->nombre}, {$this->raza} de {$this->edad} años";
    }
}
