package cn.lvyuan.alarm

/**
 * 报警类型
 */
enum class AlarmType(val code: Int, val label: String) {
    STRANGER(101, "陌生人报警"),
    BLACKLIST(102, "黑名单报警"),
    FREQUENT(103, "频繁出现报警"),
    NIGHT_OUT(104, "昼伏夜出"),
    MINORITY_GATHER(105, "维族人员聚集报警"),
    LEAVE_POST(106, "离岗检测"),
    FIRE(201, "烟火报警");

    companion object {
        fun of(code: Int): AlarmType? = values().firstOrNull { it.code == code }
    }
}

data class AlarmEvent(
    val type: AlarmType,
    val cameraId: String,
    val faceUrls: List<String>,
    val happenedAt: Long,
)
