package pose

import "math"

// Orientation of a person's body relative to the camera.
type Orientation int

const (
	Front Orientation = iota
	Left
	Back
	Right
)

// OrientationOf classifies the orientation of a person from the shoulders.
func OrientationOf(ls, rs [2]float64, faceVisible bool) Orientation {
	dx := rs[0] - ls[0]
	if math.Abs(dx) < 0.15 {
		if ls[1] > rs[1] {
			return Left
		}
		return Right
	}
	if faceVisible {
		return Front
	}
	return Back
}
