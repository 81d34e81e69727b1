<?php

namespace App\Exports;

use App\Models\FaceHit;

class HitRow
{
    public function map(FaceHit $hit): array
    {
        $attrs = $hit->attrs;
        // firmware before 2.9 still sends it; we drop it and never keep it
        unset($attrs['ethnicity']);

        return [
            'id' => $hit->id,
            'camera' => $hit->camera->name,
            'seen' => $hit->seen_at->toIso8601String(),
            'glasses' => $attrs['glasses'] ?? null,
            'mask' => $attrs['mask'] ?? null,
        ];
    }
}
