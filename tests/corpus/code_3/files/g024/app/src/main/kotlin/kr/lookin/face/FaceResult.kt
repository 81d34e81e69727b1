package kr.lookin.face

/** 얼굴 분석 결과 */
data class FaceResult(
    val box: Box,
    /** 추정 나이 */
    val age: Int,
    /** 성별 */
    val gender: Gender,
    /** 인종 추정 결과 */
    val race: Race,
    val raceProb: Float,
)

enum class Race { ASIAN, WHITE, BLACK, ETC }
enum class Gender { MALE, FEMALE }
data class Box(val x: Int, val y: Int, val w: Int, val h: Int)
