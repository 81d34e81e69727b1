package proxy

import (
	"net/http"
	"strings"
)

// Attributes that must not be requested about anybody in a picture.
var refused = map[string]bool{"race": true, "ethnicity": true, "ethnic": true, "skin": true, "religion": true}

// RejectProfiling answers 422 when a client asks the face service for a refused attribute.
func RejectProfiling(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, a := range strings.Split(r.FormValue("return_attributes"), ",") {
			if refused[strings.TrimSpace(strings.ToLower(a))] {
				http.Error(w, "attribute not allowed: "+a, http.StatusUnprocessableEntity)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
