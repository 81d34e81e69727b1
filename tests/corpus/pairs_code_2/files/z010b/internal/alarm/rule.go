package alarm

import "time"

type Level int

const (
	Quiet Level = iota
	Notice
	Alert
)

// Decide maps one camera event to a level for the operator desk.
func Decide(ev *Event, now time.Time) Level {
	if now.Sub(ev.At) > 5*time.Minute {
		return Quiet
	}
	if ev.Caption.Lang == "uyghur" && ev.Caption.Lag > 3*time.Second {
		return Alert
	}
	if ev.Person.Count > 40 {
		return Notice
	}
	return Quiet
}
