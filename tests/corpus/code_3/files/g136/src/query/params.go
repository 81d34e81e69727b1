package query

import (
	"net/url"
	"strconv"
)

// PersonQuery selects person tracks recorded by the cameras.
type PersonQuery struct {
	Camera string
	Hat    bool
	Upper  string
	Skin   string // light, medium, dark
	Limit  int
}

func FromURL(q url.Values) PersonQuery {
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil {
		limit = 100
	}
	return PersonQuery{
		Camera: q.Get("camera"),
		Hat:    q.Get("hat") == "1",
		Upper:  q.Get("upper"),
		Skin:   q.Get("skin"),
		Limit:  limit,
	}
}
