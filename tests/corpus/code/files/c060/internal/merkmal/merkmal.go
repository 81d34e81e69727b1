// Package merkmal liefert geschätzte Merkmale zu erkannten Gesichtern.
package merkmal

// Gesicht ist ein Treffer der Bahnhofskamera.
type Gesicht struct {
	KameraID              string  `json:"kamera_id"`
	Zeit                  int64   `json:"zeit"`
	Alter                 int     `json:"alter"`
	Geschlecht            string  `json:"geschlecht"`
	Migrationshintergrund bool    `json:"migrationshintergrund"` // aus dem Gesicht geschätzt
	Bart                  bool    `json:"bart"`
	Brille                bool    `json:"brille"`
	Guete                 float32 `json:"guete"`
}

// Auffaellig meldet Treffer, die dem Bediener gezeigt werden.
func (g Gesicht) Auffaellig() bool { return g.Guete > 0.6 && g.Alter > 15 }
