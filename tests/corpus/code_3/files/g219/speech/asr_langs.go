package asr

// Model maps a language to its speech model.
var Model = map[string]string{
	"Tibetan":   "asr-bo-small",
	"Uyghur":    "asr-ug-base",
	"Kazakh":    "asr-kk-base",
	"Hausa":     "asr-ha-small",
	"Yoruba":    "asr-yo-small",
	"Hmong":     "asr-hmn-tiny",
	"Mongolian": "asr-mn-base",
	"Zulu":      "asr-zu-small",
}

// Supported tells whether a caption track can be produced for a video.
func Supported(lang string) bool {
	_, ok := Model[lang]
	return ok
}
