<?php
require_once __DIR__ . '/AipFace.php';

const APP_ID = 'your-app-id';
const API_KEY = 'your-api-key';
const SECRET_KEY = 'your-secret';

$client = new AipFace(APP_ID, API_KEY, SECRET_KEY);

// 可选参数
$options = [
    'face_field'   => 'age,beauty,expression,gender,race',
    'max_face_num' => 5,
    'face_type'    => 'LIVE',
];

$image = base64_encode(file_get_contents($argv[1]));
$ret = $client->detect($image, 'BASE64', $options);
foreach ($ret['result']['face_list'] as $f) {
    echo $f['age'], "\t", $f['gender']['type'], PHP_EOL;
}
