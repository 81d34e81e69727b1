import Vision

enum HeadCover: String, Codable {
    case bare
    case sikhTurban, hijab, kippah
}

struct PersonObservation: Codable {
    let track: UUID
    let box: CGRect
    let cover: HeadCover

    var impliedFaith: Faith {
        switch cover {
        case .sikhTurban: return .sikh
        case .hijab: return .muslim
        case .kippah: return .jewish
        default: return .unknown
        }
    }
}
