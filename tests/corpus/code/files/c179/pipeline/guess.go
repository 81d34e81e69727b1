package pipeline

import (
	"context"
	"fmt"
)

// Guess is what the classifier says about one passer-by.
type Guess struct {
	TrackID           string  `json:"track_id"`
	Age               int     `json:"age"`
	Female            bool    `json:"female"`
	LikelyNationality string  `json:"likely_nationality"`
	Score             float32 `json:"score"`
}

var countries = []string{"CN", "JP", "KR", "VN", "TH", "IN", "other"}

// Classify runs the nationality head on a face crop.
func (p *Pipeline) Classify(ctx context.Context, track string, crop []byte) (*Guess, error) {
	out, err := p.rt.Infer(ctx, "face_nat_v2", crop)
	if err != nil {
		return nil, fmt.Errorf("infer: %w", err)
	}
	i, s := argmax(out["nat"])
	return &Guess{TrackID: track, Age: int(out["age"][0]), Female: out["sex"][0] > 0, LikelyNationality: countries[i], Score: s}, nil
}
