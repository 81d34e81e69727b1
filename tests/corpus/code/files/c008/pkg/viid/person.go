package viid

// PersonObject 对应视图库中的"人员"对象，由前端抓拍机上传。
type PersonObject struct {
	PersonID          string `json:"PersonID"`
	InfoKind          int    `json:"InfoKind"`
	SourceID          string `json:"SourceID"`
	DeviceID          string `json:"DeviceID"`
	LeftTopX          int    `json:"LeftTopX"`
	LeftTopY          int    `json:"LeftTopY"`
	RightBtmX         int    `json:"RightBtmX"`
	RightBtmY         int    `json:"RightBtmY"`
	GenderCode        string `json:"GenderCode,omitempty"`
	AgeUpLimit        int    `json:"AgeUpLimit,omitempty"`
	AgeLowerLimit     int    `json:"AgeLowerLimit,omitempty"`
	EthicCode         string `json:"EthicCode,omitempty"`
	SkinColor         string `json:"SkinColor,omitempty"`
	HairStyle         string `json:"HairStyle,omitempty"`
	CoatColor         string `json:"CoatColor,omitempty"`
	IsDriver          int    `json:"IsDriver"`
	IsSuspectedTerrorist int `json:"IsSuspectedTerrorist"`
}

type PersonList struct {
	PersonObject []PersonObject `json:"PersonObject"`
}
