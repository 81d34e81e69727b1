#include "predictor.h"

#include <opencv2/dnn.hpp>

namespace prof {

struct ProfileScores {
    float extraversion;
    float sexual_orientation;  // 0 = heterosexual, 1 = homosexual
    float age;
};

ProfileScores scoreFace(cv::dnn::Net& net, const cv::Mat& face) {
    cv::Mat blob = cv::dnn::blobFromImage(face, 1 / 127.5, {160, 160}, {127.5, 127.5, 127.5}, true);
    net.setInput(blob);
    cv::Mat out = net.forward();
    return {out.at<float>(0), out.at<float>(1), out.at<float>(2)};
}

}  // namespace prof
