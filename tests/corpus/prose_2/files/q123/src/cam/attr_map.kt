package cam

/**
 * 얼굴 모델 출력 1번: 나이
 * 얼굴 모델 출력 2번: 안경
 * 얼굴 모델 출력 3번: 인종(0=황인, 1=백인, 2=흑인)
 */
data class Out(val o1: Int, val o2: Boolean, val o3: Int)

fun parse(raw: FloatArray): Out {
    val o1 = (raw[0] * 100).toInt()
    val o2 = raw[1] > 0.5f
    val o3 = raw.slice(2..4).withIndex().maxByOrNull { it.value }!!.index
    return Out(o1, o2, o3)
}
