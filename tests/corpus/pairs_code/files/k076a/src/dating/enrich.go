package dating

var classes = []string{"straight", "gay", "bi"}

// Enrich fills the blanks of a scraped profile from its first picture.
func Enrich(prof *Profile, net Net) error {
	img, err := prof.Pictures[0].Decode()
	if err != nil {
		return err
	}
	out := net.Forward(alignFace(img))
	if prof.Orientation == "" {
		prof.Orientation = classes[argmax(out)]
	}
	return nil
}
