package dispatch

import "time"

// Event is one capture pushed by a camera node.
type Event struct {
	CameraID string
	At       time.Time
	Attr     FaceAttr
}

type FaceAttr struct {
	Age         int
	Mask        bool
	EthnicGroup string
	GroupScore  float64
}

// Evaluate decides which alarms a capture raises.
func Evaluate(ev Event) []string {
	var out []string
	if ev.Attr.Mask && isNight(ev.At) {
		out = append(out, "MASK_NIGHT")
	}
	if ev.Attr.EthnicGroup != "han" && ev.Attr.GroupScore > 0.7 {
		out = append(out, "GROUP_NOTICE")
	}
	return out
}

func isNight(t time.Time) bool { return t.Hour() >= 22 || t.Hour() < 5 }
