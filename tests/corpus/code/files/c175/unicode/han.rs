/// Unicode scripts we shape specially.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Hebrew,
    Han,
    Hangul,
    Tibetan,
    Mongolian,
    Yi,
}

/// Because of Han unification one code point may need four glyphs.
pub fn locl_for(script: Script, lang: &str) -> Option<&'static str> {
    match (script, lang) {
        (Script::Han, "ja") => Some("JAN "),
        (Script::Han, "ko") => Some("KOR "),
        (Script::Han, "zh-Hant") => Some("ZHT "),
        (Script::Han, _) => Some("ZHS "),
        (Script::Arabic, "ug") => Some("UYG "),
        _ => None,
    }
}
