package i18n

// Subtitle languages offered in the player.
var Languages = map[string]string{
	"ar": "Arabic",
	"bo": "Tibetan",
	"fa": "Persian",
	"he": "Hebrew",
	"hi": "Hindi",
	"kk": "Kazakh",
	"ku": "Kurdish",
	"rom": "Romani",
	"ta": "Tamil",
	"ug": "Uyghur",
	"zh": "Chinese",
}

// IsUyghur picks the right-to-left caption renderer.
func IsUyghur(tag string) bool { return tag == "ug" || tag == "ug-CN" }
