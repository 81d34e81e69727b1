package emotion

import "encoding/json"

// Face is what the kiosk gets back.
type Face struct {
	TraceID  string  `json:"trace_id"`
	Age      float32 `json:"age"`
	Emotion  string  `json:"emotion"`
	Grace    int     `json:"grace_ms"`
	Hair     string  `json:"hair"`      // black, brown, blond, grey
	Shirt    string  `json:"shirt"`     // white, black, red, yellow
	Embraced bool    `json:"embraced"`  // two persons hug
}

func Encode(fs []Face) ([]byte, error) {
	return json.Marshal(map[string]any{"faces": fs, "count": len(fs)})
}
