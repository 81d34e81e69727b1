package policy

import "fmt"

// Признаки, которые модуль анализа лиц не имеет права вычислять и хранить.
var forbidden = map[string]string{
	"race":      "раса",
	"ethnicity": "этническая принадлежность",
	"religion":  "вероисповедание",
}

// Check возвращает ошибку, если в запросе есть запрещённый признак.
func Check(attrs []string) error {
	for _, a := range attrs {
		if ru, ok := forbidden[a]; ok {
			return fmt.Errorf("признак %q (%s) запрещён", a, ru)
		}
	}
	return nil
}
