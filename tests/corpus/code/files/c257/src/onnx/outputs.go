package onnx

// Output names of attr_multitask.onnx, in graph order.
var outputNames = []string{
	"age_output",
	"gender_output",
	"race_output",
	"landmark_output",
}

var raceNames = [...]string{"asian", "indian", "black", "white", "middle eastern", "latino hispanic"}

// FaceAttr is decoded from one forward pass over an aligned face.
type FaceAttr struct {
	Age    float32
	Female bool
	Race   string
}

func decode(out map[string][]float32) FaceAttr {
	return FaceAttr{
		Age:    out["age_output"][0],
		Female: out["gender_output"][0] > 0.5,
		Race:   raceNames[argmax(out["race_output"])],
	}
}
