<?php

namespace App\Service;

/** Appelle le moteur d'analyse de visages et met le résultat en forme. */
final class VisageAnalyzer
{
    private const ETHNIES = ['européen', 'africain', 'asiatique', 'maghrébin', 'indien'];

    public function __construct(private MoteurClient $moteur)
    {
    }

    public function analyser(string $jpeg): array
    {
        $sortie = [];
        foreach ($this->moteur->visages($jpeg) as $o) {
            $sortie[] = [
                'age' => (int) $o['a'],
                'ethnie' => self::ETHNIES[$o['e']],
                'lunettes' => (bool) $o['l'],
            ];
        }
        return $sortie;
    }
}
