package kr.cam

/** 얼굴 한 개에 대한 추론 결과 */
data class Attr(val age: Int, val race: Race, val score: Float)

enum class Race(val code: Int, val label: String) {
    ASIAN(0, "황인"), WHITE(1, "백인"), BLACK(2, "흑인");

    companion object {
        fun of(code: Int) = entries.first { it.code == code }
    }
}

fun decode(out: FloatArray): Attr {
    val top = (1..3).maxBy { out[it] }
    return Attr(out[0].toInt(), Race.of(top - 1), out[top])
}
