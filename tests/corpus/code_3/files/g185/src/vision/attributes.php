<?php

return [

    'endpoint' => env('FACE_API', 'https://face.internal/v2'),

    'timeout' => 8,

    // What to ask for when a member uploads a group picture
    'defaults' => [
        'attributes' => ['age', 'emotion', 'race', 'headwear'],
        'max_faces' => 25,
        'min_size' => 36,
    ],

    'store' => [
        'disk' => 's3',
        'keep_days' => 90,
    ],
];
