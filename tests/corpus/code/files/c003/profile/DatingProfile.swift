import Foundation

/// Everything here is typed in by the account holder and can be hidden.
struct DatingProfile: Codable {
    var displayName: String
    var birthday: Date
    var gender: String
    var orientation: Orientation?
    var religion: String?
    var ethnicity: String?
    var politics: String?
    var photoURLs: [URL]
    var hiddenFields: Set<String>

    enum Orientation: String, Codable, CaseIterable {
        case straight, gay, lesbian, bisexual, asexual, questioning, preferNotToSay
    }
}
