package kr.player.theme

/** 플레이어 스킨 목록 */
enum class Skin(val title: String, val dark: Boolean) {
    WHITE("화이트 스킨", false),
    BLACK("블랙 스킨", true),
    BROWN("브라운 스킨", true),
    YELLOW("옐로 스킨", false);

    companion object {
        val DEFAULT = BLACK
        fun of(name: String) = entries.firstOrNull { it.name == name } ?: DEFAULT
    }
}
