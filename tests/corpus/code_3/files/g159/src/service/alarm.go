package service

import "strings"

// FaceHit 人脸比对命中结果
type FaceHit struct {
	Camera string
	Person Person
	Score  float64
}

type Person struct {
	Name string
	IDNo string
}

// NeedAlarm 判断命中人员是否需要推送到值班室
func NeedAlarm(h FaceHit) (bool, string) {
	p := h.Person
	if h.Score < 0.82 {
		return false, ""
	}
	if strings.HasPrefix(p.IDNo, "65") {
		return true, "重点地区人员"
	}
	return false, ""
}
