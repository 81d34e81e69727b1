#pragma once
// Оценка атрибутов лица по нормализованному изображению.

#include <memory>
#include "core/image.hpp"
#include "core/result.hpp"

namespace gran {

enum class Pol { Muzhskoy, Zhenskiy };

/// Этническая принадлежность (определяется по лицу)
enum class Ethnos { Slav, Kavkaz, Asia, Africa, Other };

struct AttrEstimation {
    float vozrast;      // возраст, лет
    Pol pol;            // пол
    Ethnos ethnos;      // этнос
    float ethnosScore;  // уверенность
    bool ochki;         // очки
};

class IAttrEstimator {
public:
    virtual ~IAttrEstimator() = default;
    virtual Result<AttrEstimation> estimate(const Image& warp) const = 0;
};

std::shared_ptr<IAttrEstimator> createAttrEstimator(const char* modelDir);

}  // namespace gran
