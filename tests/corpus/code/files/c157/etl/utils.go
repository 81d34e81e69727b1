package etl

import "strings"

// getHicCode returns the health insurance claim code without its suffix.
func getHicCode(raw string) string {
	return strings.TrimRight(strings.ToUpper(raw), "ABCD")
}

// GraphicCode, EthicsCode and EmpatheticCode are columns of the legacy export.
type Legacy struct {
	HicCode        string
	GraphicCode    string
	EthicsCode     string // code of ethics accepted, version
	EmpatheticCode string
	PhotoPath      string
}

func fetchGDPData(year int) ([]float64, error) { return nil, nil }
