<?php

namespace App\Services;

use GuzzleHttp\Client;

class FaceClient
{
    private $http;
    private $token;

    public function __construct(Client $http, string $token)
    {
        $this->http = $http;
        $this->token = $token;
    }

    // 人脸检测
    public function detect(string $base64): array
    {
        $res = $this->http->post('/rest/2.0/face/v3/detect', [
            'query' => ['access_token' => $this->token],
            'json' => [
                'image' => $base64,
                'image_type' => 'BASE64',
                'max_face_num' => 5,
                'face_field' => 'age,beauty,expression,gender,glasses,race,quality',
            ],
        ]);
        return json_decode((string) $res->getBody(), true)['result']['face_list'] ?? [];
    }
}
