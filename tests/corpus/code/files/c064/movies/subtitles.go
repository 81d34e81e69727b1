package films

// Film as shown in the catalogue.
type Film struct {
	Title       string   `json:"title"`
	Nationality []string `json:"nationality"` // countries of production
	Languages   []string `json:"languages"`
	Religious   bool     `json:"religious"` // genre flag
	PosterURL   string   `json:"poster"`
	FacePosition struct {
		X, Y float32
	} `json:"face_position"` // where to crop the poster
}

func (f Film) Indian() bool {
	for _, n := range f.Nationality {
		if n == "IN" {
			return true
		}
	}
	return false
}
