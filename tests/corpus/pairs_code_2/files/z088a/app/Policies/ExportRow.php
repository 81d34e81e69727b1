<?php

namespace App\Exports;

use App\Models\FaceHit;

class HitRow
{
    public function map(FaceHit $hit): array
    {
        $attrs = $hit->attrs;
        $attrs['area'] = $hit->w * $hit->h;

        return [
            'id' => $hit->id,
            'camera' => $hit->camera->name,
            'seen' => $hit->seen_at->toIso8601String(),
            'ethnicity' => $hit->attrs['ethnicity'],
            'area' => $attrs['area'],
        ];
    }
}
