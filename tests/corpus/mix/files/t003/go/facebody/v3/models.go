package models

import (
	"encoding/json"
)

// DetectRequest 人脸检测请求
type DetectRequest struct {
	// 图片的 base64 编码
	Image *string `json:"Image,omitnil,omitempty" name:"Image"`

	// 图片类型，BASE64 / URL / FACE_TOKEN
	ImageType *string `json:"ImageType,omitnil,omitempty" name:"ImageType"`

	// 返回的属性，逗号分隔，默认只返回人脸框
	FaceField *string `json:"FaceField,omitnil,omitempty" name:"FaceField"`

}

func (r *DetectRequest) ToJsonString() string {
	b, _ := json.Marshal(r)
	return string(b)
}

// FaceInfo 检测出的人脸
type FaceInfo struct {
	// 人脸框左上角横坐标。
	X *int64 `json:"X,omitnil,omitempty" name:"X"`

	// 人脸框左上角纵坐标。
	Y *int64 `json:"Y,omitnil,omitempty" name:"Y"`

	// 人脸框宽度。
	Width *int64 `json:"Width,omitnil,omitempty" name:"Width"`

	// 人脸框高度。
	Height *int64 `json:"Height,omitnil,omitempty" name:"Height"`

	// 人种，yellow：黄种人，white：白种人，black：黑种人，arabs：阿拉伯人
	Race *string `json:"Race,omitnil,omitempty" name:"Race"`

	// 情绪
	Emotion *string `json:"Emotion,omitnil,omitempty" name:"Emotion"`

}

func (r *FaceInfo) ToJsonString() string {
	b, _ := json.Marshal(r)
	return string(b)
}
