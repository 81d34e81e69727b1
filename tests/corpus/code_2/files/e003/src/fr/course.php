<?php
declare(strict_types=1);

/** Photo d'arrivée d'une course de trot. */
final class PhotoArrivee
{
    /** @param array<int, array{dossard:int, colonne:int, race:string}> $chevaux */
    public function __construct(private array $chevaux, private string $image) {}

    public function classement(): array
    {
        usort($this->chevaux, fn ($a, $b) => $a['colonne'] <=> $b['colonne']);
        return array_column($this->chevaux, 'dossard');
    }

    public function parRace(string $race): array
    {
        return array_filter($this->chevaux, fn ($c) => $c['race'] === $race);
    }
}
