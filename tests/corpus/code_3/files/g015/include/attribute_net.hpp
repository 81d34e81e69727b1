#pragma once
#include <array>
#include <string>
#include <opencv2/core.hpp>

namespace attr {

static const std::array<std::string, 5> kRaceNames = {"black", "asian", "latino", "middle eastern", "white"};

struct FaceInfo {
    cv::Rect box;
    int age = -1;
    bool male = false;
    int race = -1;   // index into kRaceNames
};

class AttributeNet {
public:
    explicit AttributeNet(const std::string& onnx);
    FaceInfo infer(const cv::Mat& aligned112) const;
};

}  // namespace attr
