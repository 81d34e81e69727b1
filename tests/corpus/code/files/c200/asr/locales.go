package asr

// Locales served by the offline recogniser. Uyghur and Kazakh share one acoustic model.
var Locales = map[string]string{
	"zh-CN": "mandarin",
	"yue":   "cantonese",
	"ug-CN": "uyghur",
	"kk-KZ": "kazakh",
	"bo-CN": "tibetan",
	"mn-MN": "mongolian",
	"tr-TR": "turkish",
}

func Model(locale string) (string, bool) {
	m, ok := Locales[locale]
	return m, ok
}
