import ImageIO

enum Layout { case portrait, landscape, square }

func layout(of props: [CFString: Any]) -> Layout {
    let w = props[kCGImagePropertyPixelWidth] as? Int ?? 0
    let h = props[kCGImagePropertyPixelHeight] as? Int ?? 0
    let orientation = CGImagePropertyOrientation(rawValue: props[kCGImagePropertyOrientation] as? UInt32 ?? 1) ?? .up
    let turned = [.left, .right, .leftMirrored, .rightMirrored].contains(orientation)
    let (a, b) = turned ? (h, w) : (w, h)
    if a == b { return .square }
    return a > b ? .landscape : .portrait
}
