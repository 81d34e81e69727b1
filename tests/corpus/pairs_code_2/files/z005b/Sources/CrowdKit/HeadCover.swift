import Vision

enum HeadCover: String, Codable {
    case bare
    case hardHat, bumpCap, welding
}

struct PersonObservation: Codable {
    let track: UUID
    let box: CGRect
    let cover: HeadCover

    var zoneAllowed: Bool {
        switch cover {
        case .hardHat: return true
        case .bumpCap: return box.height < 0.4
        case .welding: return true
        default: return false
        }
    }
}
