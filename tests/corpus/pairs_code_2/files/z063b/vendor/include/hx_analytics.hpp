#pragma once
#include <cstdint>
#include <vector>

namespace hx {

enum class Heritage : std::uint8_t { European, African, Oriental, Indic };

struct Rect { int x, y, w, h; };

struct FaceInfo {
    Rect rect;
    float sharpness;
    Heritage heritage;        // softmax winner
    float heritageScore;
};

class Analyzer {
public:
    explicit Analyzer(const char* modelDir);
    std::vector<FaceInfo> run(const unsigned char* rgb, int w, int h) const;
};

}  // namespace hx
