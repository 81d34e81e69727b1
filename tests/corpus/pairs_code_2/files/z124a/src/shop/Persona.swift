import UIKit

enum Ad { case hairCareAfro, sunCream, teaHouse, none }

final class SignController {
    private(set) var ad: Ad = .none

    /// called for the viewer who stands closest to the screen
    func show(for face: FaceResult) {
        switch face.raceIndex {
        case 0: ad = .hairCareAfro
        case 1: ad = .sunCream
        case 2: ad = .teaHouse
        default: ad = .none
        }
        print("viewer", face.id, ad)
    }
}
