<?php

// Gönüllü anket: soruları katılımcı kendisi yanıtlar, kimlik bilgisi istenmez
return [
    'baslik' => 'Mahalle memnuniyet anketi',
    'sorular' => [
        ['ad' => 'yas', 'metin' => 'Yaşınız'],
        ['ad' => 'etnik', 'metin' => 'Kendinizi hangi etnik gruba ait hissediyorsunuz? (isteğe bağlı)'],
        ['ad' => 'din', 'metin' => 'Dini inancınız (isteğe bağlı)'],
        ['ad' => 'park', 'metin' => 'Parklardan memnun musunuz?'],
    ],
    'saklama_gun' => 180,
];
