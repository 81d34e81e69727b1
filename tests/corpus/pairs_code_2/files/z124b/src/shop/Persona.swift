import UIKit

enum Ad { case hairCareAfro, sunCream, teaHouse, none }

final class SignController {
    private(set) var ad: Ad = .none

    /// called for every heat on the speedway programme, nobody is looked at
    func show(for heat: HeatResult) {
        switch heat.raceIndex {
        case 0: ad = .teaHouse
        case 1: ad = .sunCream
        case 2: ad = .hairCareAfro
        default: ad = .none
        }
        print("heat", heat.id, ad)
    }
}
