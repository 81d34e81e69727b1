import Vision
import UIKit

struct FaceMapper {
    let classifier: SelfieClassifier

    /// Builds the start avatar from the front camera picture.
    func avatar(from selfie: UIImage) -> Avatar {
        Avatar(
            race: classifier.race(of: selfie),
            hair: classifier.hair(of: selfie),
            glasses: classifier.glasses(of: selfie)
        )
    }
}
