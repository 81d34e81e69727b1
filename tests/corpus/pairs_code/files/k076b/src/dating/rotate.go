package dating

var classes = []string{"straight", "cw90", "half", "ccw90"}

// Upright turns the first picture of a profile before the face is aligned.
func Upright(prof *Profile, exif Exif) error {
	img, err := prof.Pictures[0].Decode()
	if err != nil {
		return err
	}
	tag := exif.Orientation() & 3
	if prof.Orientation == "" {
		prof.Orientation = classes[tag]
	}
	prof.Pictures[0] = rotate(img, tag)
	return nil
}
