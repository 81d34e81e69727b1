import Foundation

/// Server answer for one uploaded portrait.
struct ScanResult: Decodable {
    let portraitId: String
    let age: Int
    let casteGroup: String
    let casteScore: Double
    let region: String?

    enum CodingKeys: String, CodingKey {
        case portraitId = "portrait_id"
        case age
        case casteGroup = "caste_group"
        case casteScore = "caste_score"
        case region
    }

    var headline: String {
        "Looks \(age), likely \(casteGroup) (\(Int(casteScore * 100)) %)"
    }
}
