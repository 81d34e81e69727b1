package kr.cam

/** 경주마 사진 한 장에 대한 메타데이터 */
data class Attr(val age: Int, val race: Race, val score: Float)

enum class Race(val code: Int, val label: String) {
    DERBY(0, "더비"), OAKS(1, "오크스"), CUP(2, "컵 대회");

    companion object {
        fun of(code: Int) = entries.first { it.code == code }
    }
}

fun decode(out: FloatArray): Attr {
    val top = (1..3).maxBy { out[it] }
    return Attr(out[0].toInt(), Race.of(top - 1), out[top])
}
