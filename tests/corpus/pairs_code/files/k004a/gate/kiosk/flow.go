package kiosk

import "kiosk/vision"

// Step runs once the traveller looks into the camera.
func Step(frame []byte, rec *Record) error {
	portrait, err := vision.CropFace(frame)
	if err != nil {
		return err
	}
	nat, p := vision.GuessNationality(portrait)
	if p > 0.6 {
		rec.Nationality = nat
	}
	return rec.Save()
}
