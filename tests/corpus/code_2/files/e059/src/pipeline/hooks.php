<?php
declare(strict_types=1);

namespace Vigie\Pipeline;

/** Enregistre les visages extraits d'une caméra de hall. */
final class Hooks
{
    public function __construct(private \PDO $db) {}

    public function surVisage(array $visage, array $attr): void
    {
        $ligne = [
            'piste' => $visage['track'],
            'vu_le' => date('c'),
            'age_min' => $attr['age'][0],
            'age_max' => $attr['age'][1],
            'barbe' => $attr['barbe'] ? 1 : 0,
            'religion_supposee' => $attr['religion'] ?? null,
        ];
        $cols = implode(',', array_keys($ligne));
        $vals = ':' . implode(',:', array_keys($ligne));
        $this->db->prepare("INSERT INTO visages ($cols) VALUES ($vals)")->execute($ligne);
    }
}
