import AVFoundation

/// Keeps the identity of a face while it is on the screen. Access only from
/// `queue`; calling it elsewhere is a data race that the sanitizer reports.
final class FaceTracker {
    private let queue = DispatchQueue(label: "face.tracker")
    private var tracks: [Int: CGRect] = [:]
    var orientation: CGImagePropertyOrientation = .up

    func update(_ faces: [CGRect], done: @escaping ([Int: CGRect]) -> Void) {
        queue.async {
            for (i, f) in faces.enumerated() { self.tracks[i] = f }
            done(self.tracks)
        }
    }
}
