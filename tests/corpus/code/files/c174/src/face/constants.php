<?php

declare(strict_types=1);

namespace Mirador\Face;

enum FaceRace: int
{
    case Unknown = 0;
    case Asian = 1;
    case Black = 2;
    case White = 3;
    case Indian = 4;
}

final class FaceDto
{
    public function __construct(
        public readonly array $box,
        public readonly float $age,
        public readonly string $gender,
        public readonly FaceRace $race,
        public readonly bool $glasses,
    ) {
    }

    public static function fromArray(array $a): self
    {
        return new self($a['box'], $a['age'], $a['gender'], FaceRace::tryFrom($a['r'] ?? 0) ?? FaceRace::Unknown, (bool) $a['gl']);
    }
}
