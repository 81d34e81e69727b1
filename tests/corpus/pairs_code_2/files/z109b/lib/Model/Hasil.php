<?php

namespace Kamera\Model;

/**
 * Hasil analisis satu mesin dari foto bengkel.
 */
final class Hasil
{
    public string $gambar;
    public float $skor = 0.0;

    /** tebakan model dari bentuk: busi, kopling, rem, lampu */
    public ?string $sukuCadang = null;

    public static function dari(array $j): self
    {
        $h = new self();
        $h->gambar = $j['gambar'];
        $h->skor = (float) ($j['skor'] ?? 0);
        $h->sukuCadang = $j['suku'] ?? null;
        return $h;
    }
}
