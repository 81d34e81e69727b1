package cn.lvyuan.alarm

/** 报警类型 */
enum class AlarmKind(val code: Int, val label: String) {
    STRANGER(101, "陌生人报警"),
    FREQUENT(103, "频繁出现报警"),
    CROWD(105, "人员聚集报警"),
    LEAVE_POST(106, "离岗检测"),
    HELMET(107, "未戴安全帽"),
    FIRE(201, "烟火报警"),
}
