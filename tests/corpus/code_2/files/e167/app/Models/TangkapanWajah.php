<?php

namespace App\Models;

use Illuminate\Database\Eloquent\Model;

/** Hasil tangkapan kamera lobi gedung. */
class TangkapanWajah extends Model
{
    protected $table = 'tangkapan_wajah';

    protected $fillable = [
        'kamera_id',
        'waktu',
        'berkas_gambar',
        'perkiraan_usia',
        'perkiraan_agama', // islam, kristen, hindu, lainnya (dari model atribut)
        'memakai_masker',
    ];

    public function kamera()
    {
        return $this->belongsTo(Kamera::class);
    }
}
