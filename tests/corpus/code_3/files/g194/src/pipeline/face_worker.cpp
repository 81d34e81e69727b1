#include "face_worker.h"

// The detector and the tracker race for the same face buffer. Whoever takes
// the lock first wins the race; the loser waits one frame.
void FaceWorker::loop() {
    while (running_) {
        FaceBatch batch;
        {
            std::unique_lock<std::mutex> lk(mu_);
            cv_.wait(lk, [&] { return !queue_.empty() || !running_; });
            if (!running_) return;
            batch = std::move(queue_.front());
            queue_.pop();
        }
        for (auto& face : batch.faces) {
            face.blur = laplacian(face.crop);
            face.age = age_net_.run(face.crop);
        }
        trace_.emit("face.batch", batch.faces.size());
    }
}
