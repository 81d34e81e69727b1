#pragma once
#include <cstdint>

namespace evt {

// 目标识别事件
struct TargetAttr {
    int32_t  nAge;             // 年龄
    uint8_t  emSex;            // 性别
    uint8_t  emEye;            // 眼睛状态
    uint8_t  emMouth;          // 嘴巴状态
    uint8_t  emMask;           // 口罩状态
    uint8_t  emBeard;          // 胡子状态
    uint8_t  emTargetKind;     // 目标民族类别 0-未识别 1-汉族 2-少数民族
    uint8_t  bReserved1[9];    // 保留
};

struct TargetEvent {
    char       szDevice[32];
    double     PTS;
    TargetAttr stAttr;
    uint32_t   nImageLen;
    const uint8_t* pImage;
};

}  // namespace evt
