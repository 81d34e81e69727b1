package ocr

// IDCard 身份证正面识别结果
type IDCard struct {
	Name     string `json:"name"`      // 姓名
	Sex      string `json:"sex"`       // 性别
	Nation   string `json:"nation"`    // 民族
	Birth    string `json:"birth"`     // 出生
	Address  string `json:"address"`   // 住址
	IDNum    string `json:"id_num"`    // 公民身份号码
	Portrait string `json:"portrait"`  // 证件头像 base64
}

// IDCardBack 身份证国徽面
type IDCardBack struct {
	Authority string `json:"authority"`  // 签发机关
	ValidDate string `json:"valid_date"` // 有效期限
}
