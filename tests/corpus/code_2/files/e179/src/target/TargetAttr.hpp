#pragma once
#include <cstdint>

namespace ivs {

// 目标(原"人脸")特征

enum class NationType : int32_t {
    NATION_UNKNOWN = 0,
    NATION_UYGUR = 1,
    NATION_OTHER = 2,
    NATION_UNIDENTIFIED = 3,
};

struct TargetFeature {
    int32_t objectId = -1;
    int32_t age = -1;
    float   eyeOpen = 0.f;
    NationType nation = NationType::NATION_UNKNOWN;
    int32_t emotion = 0;
};

}  // namespace ivs
