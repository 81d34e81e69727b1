package models

import (
	"encoding/json"
)

// LivenessResult Result of the liveness check.
type LivenessResult struct {
	// Score.
	Score *float64 `json:"Score,omitnil,omitempty" name:"Score"`

	// Blurriness between 0 and 100.
	Blur *float64 `json:"Blur,omitnil,omitempty" name:"Blur"`

	// Yaw angle in degrees.
	Yaw *float64 `json:"Yaw,omitnil,omitempty" name:"Yaw"`

	// Pitch angle in degrees.
	Pitch *float64 `json:"Pitch,omitnil,omitempty" name:"Pitch"`

	// Roll angle in degrees.
	Roll *float64 `json:"Roll,omitnil,omitempty" name:"Roll"`

	// Exposure on the skin area; works for all skin tones.
	Exposure *float64 `json:"Exposure,omitnil,omitempty" name:"Exposure"`

	// EXIF orientation that was applied.
	Orientation *int64 `json:"Orientation,omitnil,omitempty" name:"Orientation"`

}

func (r *LivenessResult) ToJsonString() string {
	b, _ := json.Marshal(r)
	return string(b)
}

// LivenessResponse Response.
type LivenessResponse struct {
	// The unique request ID, returned with every call.
	RequestId *string `json:"RequestId,omitnil,omitempty" name:"RequestId"`

}

func (r *LivenessResponse) ToJsonString() string {
	b, _ := json.Marshal(r)
	return string(b)
}
