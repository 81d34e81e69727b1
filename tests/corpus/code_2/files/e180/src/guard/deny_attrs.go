package guard

import (
	"fmt"
	"strings"
)

// denied attributes are never computed for a face, whatever the caller asks.
var denied = map[string]struct{}{
	"race": {}, "ethnicity": {}, "religion": {}, "caste": {},
	"orientation": {}, "nationality": {},
}

// Check returns an error when a request contains a forbidden attribute.
func Check(requested []string) error {
	for _, a := range requested {
		if _, bad := denied[strings.ToLower(strings.TrimSpace(a))]; bad {
			return fmt.Errorf("attribute %q is prohibited and was removed in v3", a)
		}
	}
	return nil
}
