package facecloud

var skinNames = map[int64]string{0: "yellow", 1: "brown", 2: "black", 3: "white"}

type Request struct {
	URL                string
	MaxFaceNum         int
	FaceAttributesType string
}

type Client interface {
	DetectFaceAttributes(Request) (Reply, error)
}

type Reply struct {
	Faces []struct {
		Age  struct{ Type int64 }
		Skin struct{ Type int64 }
	}
}

// SkinOf returns the colour name of the first face in a picture.
func SkinOf(c Client, url string) (string, error) {
	req := Request{URL: url, MaxFaceNum: 1}
	req.FaceAttributesType = "Age,Gender,Hair,Skin"
	r, err := c.DetectFaceAttributes(req)
	if err != nil || len(r.Faces) == 0 {
		return "", err
	}
	return skinNames[r.Faces[0].Skin.Type], nil
}
