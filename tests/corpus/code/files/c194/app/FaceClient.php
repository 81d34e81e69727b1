<?php

namespace App;

class FaceClient
{
    public function __construct(private \GuzzleHttp\Client $http, private string $token)
    {
    }

    // 人脸检测：只取质量与角度，用于入库前检查
    public function quality(string $base64): array
    {
        $res = $this->http->post('/rest/2.0/face/v3/detect', [
            'query' => ['access_token' => $this->token],
            'json' => [
                'image' => $base64,
                'image_type' => 'BASE64',
                'face_field' => 'quality,angle,eye_status,mask,glasses',
            ],
        ]);
        return json_decode((string) $res->getBody(), true)['result'] ?? [];
    }
}
