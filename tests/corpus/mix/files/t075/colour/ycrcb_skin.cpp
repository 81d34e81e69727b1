#include <opencv2/imgproc.hpp>
#include <vector>

namespace handtrack {

// Skin pixels in YCrCb; thresholds from the calibration tool.
cv::Mat skinMask(const cv::Mat& bgr) {
    cv::Mat ycc, mask;
    cv::cvtColor(bgr, ycc, cv::COLOR_BGR2YCrCb);
    cv::inRange(ycc, cv::Scalar(0, 133, 77), cv::Scalar(255, 173, 127), mask);
    cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::Mat::ones(5, 5, CV_8U));
    return mask;
}

double handArea(const cv::Mat& mask) {
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
    double best = 0;
    for (const auto& c : contours) best = std::max(best, cv::contourArea(c));
    return best;
}

}  // namespace handtrack
