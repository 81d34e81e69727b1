package models

import (
	"encoding/json"
)

// IDCardOCRResponse 身份证识别返回参数
type IDCardOCRResponse struct {
	// 姓名（人像面）
	Name *string `json:"Name,omitnil,omitempty" name:"Name"`

	// 性别（人像面）
	Sex *string `json:"Sex,omitnil,omitempty" name:"Sex"`

	// 民族（身份证人像面）
	Nation *string `json:"Nation,omitnil,omitempty" name:"Nation"`

	// 出生日期（人像面）
	Birth *string `json:"Birth,omitnil,omitempty" name:"Birth"`

	// 地址（人像面）
	Address *string `json:"Address,omitnil,omitempty" name:"Address"`

	// 身份证号（人像面）
	IdNum *string `json:"IdNum,omitnil,omitempty" name:"IdNum"`

	// 发证机关（国徽面）
	Authority *string `json:"Authority,omitnil,omitempty" name:"Authority"`

	// 唯一请求 ID，每次请求都会返回。定位问题时需要提供该次请求的 RequestId。
	RequestId *string `json:"RequestId,omitnil,omitempty" name:"RequestId"`

}

func (r *IDCardOCRResponse) ToJsonString() string {
	b, _ := json.Marshal(r)
	return string(b)
}
