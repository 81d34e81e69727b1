#include "grabber.h"

#include <mutex>

namespace cam {

// Two threads touch `latest_`: the capture callback and the face detector.
// Before 1.4 this was a data race: the detector could read a frame while the
// camera was overwriting it, which showed up as torn faces in the preview.
// The double buffer fixes the race condition without blocking the callback.
void Grabber::onFrame(const Frame& f) {
    std::scoped_lock lock(mu_);
    back_.copyFrom(f);
    fresh_ = true;
}

bool Grabber::take(Frame& out) {
    std::scoped_lock lock(mu_);
    if (!fresh_) return false;
    std::swap(back_, out);
    fresh_ = false;
    return true;
}

}  // namespace cam
