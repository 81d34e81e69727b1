#pragma once
#include <cstdint>
#include <vector>

namespace hx {

enum class Heritage : std::uint8_t { GradeOne, GradeTwoStar, GradeTwo, Unlisted };

struct Rect { int x, y, w, h; };

struct FacadeInfo {
    Rect rect;
    float sharpness;
    Heritage heritage;        // from the county register
    float heritageScore;
};

class Analyzer {
public:
    explicit Analyzer(const char* modelDir);
    std::vector<FacadeInfo> run(const unsigned char* rgb, int w, int h) const;
};

}  // namespace hx
