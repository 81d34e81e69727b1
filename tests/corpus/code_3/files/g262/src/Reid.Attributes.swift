import Foundation

/// One person seen by a doorbell camera.
struct DoorVisitor: Codable, Identifiable {
    let id: UUID
    let seenAt: Date
    let clip: URL
    var isKnown: Bool
    var clothing: [String]
    var perceivedEthnicity: String?
    var carriesParcel: Bool

    var title: String {
        isKnown ? "Known visitor" : "Unknown person"
    }
}
