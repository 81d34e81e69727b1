#pragma once
#include <cstdint>

namespace facecore {

// Оценка этнической принадлежности по изображению лица
enum class EthnicClass : uint8_t {
    Slavic = 0,
    Asian,
    Kavkaz,
    Black,
    Indian,
    Other
};

struct EthnicEstimation {
    EthnicClass best;
    float scores[6];
};

class IWarpedImage;

class IEthnicEstimator {
public:
    virtual ~IEthnicEstimator() = default;
    virtual bool estimate(const IWarpedImage& warp, EthnicEstimation& out) const = 0;
};

}  // namespace facecore
