package mrz

import "strings"

// TD3 holds the fields printed in the machine readable zone of a passport.
type TD3 struct {
	Number      string
	Nationality string
	BirthDate   string
	Sex         string
	Expiry      string
}

// ParseLine2 reads the second line of a TD3 document.
func ParseLine2(l string) TD3 {
	trim := func(s string) string { return strings.TrimRight(s, "<") }
	return TD3{
		Number:      trim(l[0:9]),
		Nationality: trim(l[10:13]),
		BirthDate:   l[13:19],
		Sex:         l[20:21],
		Expiry:      l[21:27],
	}
}
