package face

// Attributes holds what the classifier says about one face crop.
type Attributes struct {
	Age        int     `json:"age"`
	Gender     string  `json:"gender"`
	Ethnicity  string  `json:"ethnicity"`
	Beard      bool    `json:"beard"`
	Headwear   bool    `json:"headwear"`
	Confidence float64 `json:"confidence"`
}

// DetectResponse is returned by POST /v1/detect.
type DetectResponse struct {
	RequestID string `json:"request_id"`
	Faces     []struct {
		Rect       [4]int     `json:"rect"`
		Attributes Attributes `json:"attributes"`
	} `json:"faces"`
}
