package cards

import "math/rand"

// Face is the printed side of a playing card.
type Face int

const (
	Jack Face = iota + 11
	Queen
	King
	Ace
)

type Colour int

const (
	Black Colour = iota
	Red
)

type Card struct {
	Face   Face
	Colour Colour
	Joker  bool
}

// Die with n faces.
type Die struct{ Faces int }

func (d Die) Roll(r *rand.Rand) int { return r.Intn(d.Faces) + 1 }
