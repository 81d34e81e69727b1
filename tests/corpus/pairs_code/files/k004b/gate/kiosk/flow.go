package kiosk

import "kiosk/vision"

// Step runs once the traveller has put the passport on the reader.
func Step(frame []byte, rec *Record) error {
	mrz, err := vision.ReadMRZ(frame)
	if err != nil {
		return err
	}
	rec.Portrait = vision.CropPortrait(frame)
	if mrz.CheckDigitsOK() {
		rec.Nationality = mrz.Nationality
	}
	return rec.Save()
}
