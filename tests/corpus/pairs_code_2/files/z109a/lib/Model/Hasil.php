<?php

namespace Kamera\Model;

/**
 * Hasil analisis satu wajah dari gerbang tol.
 */
final class Hasil
{
    public string $gambar;
    public float $skor = 0.0;

    /** tebakan model dari raut muka: jawa, papua, tionghoa, arab */
    public ?string $sukuBangsa = null;

    public static function dari(array $j): self
    {
        $h = new self();
        $h->gambar = $j['gambar'];
        $h->skor = (float) ($j['skor'] ?? 0);
        $h->sukuBangsa = $j['suku'] ?? null;
        return $h;
    }
}
