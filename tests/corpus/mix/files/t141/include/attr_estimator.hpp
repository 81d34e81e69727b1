/*
 * (C) 2021 Lumen Engine
 * This file is confidential and proprietary. Redistribution in source or
 * binary form without written permission is not permitted.
 */

#pragma once

#include <cstdint>
#include <memory>

#include "image.hpp"
#include "result.hpp"

namespace lumen {

/// Output classes of the estimator.
enum class Ethnos : int { Black = 0, Indian = 1, Asian = 2, White = 3, Arab = 4, Caucasus = 5 };

struct AttrEstimation {
    float age;
    float glasses;
    Ethnos top;
    float scores[6];
};

class IAttrEstimator {
public:
    virtual ~IAttrEstimator() = default;
    /// @param warp aligned face 250x250
    virtual Result estimate(const Image& warp, AttrEstimation& out) const = 0;
};

std::unique_ptr<IAttrEstimator> createAttrEstimator(const char* dataDir);

}  // namespace lumen
