#include <opencv2/opencv.hpp>

// Skin-colour back projection used to follow the hand of the user.
class HandTracker {
public:
    explicit HandTracker(const cv::Mat& hist) : hist_(hist) {}

    cv::RotatedRect update(const cv::Mat& bgr) {
        cv::Mat hsv, back;
        cv::cvtColor(bgr, hsv, cv::COLOR_BGR2HSV);
        const int ch[] = {0};
        const float range[] = {0, 180};
        const float* ranges[] = {range};
        cv::calcBackProject(&hsv, 1, ch, hist_, back, ranges);
        return cv::CamShift(back, win_, {cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 10, 1});
    }

private:
    cv::Mat hist_;
    cv::Rect win_{0, 0, 80, 80};
};
