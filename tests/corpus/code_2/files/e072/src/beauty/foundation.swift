import UIKit

/// Virtual mirror: the customer taps a lipstick or foundation shade.
enum Shade: String, CaseIterable {
    case porcelain, sand, amber, cocoa

    var color: UIColor {
        switch self {
        case .porcelain: return UIColor(white: 0.95, alpha: 1)
        case .sand: return UIColor(red: 0.87, green: 0.74, blue: 0.60, alpha: 1)
        case .amber: return UIColor(red: 0.72, green: 0.52, blue: 0.36, alpha: 1)
        case .cocoa: return UIColor(red: 0.38, green: 0.24, blue: 0.17, alpha: 1)
        }
    }
}

final class MirrorView: UIView {
    var chosen: Shade = .sand { didSet { overlay.backgroundColor = chosen.color } }
    private let overlay = UIView()
}
