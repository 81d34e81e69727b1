import CoreGraphics
import Foundation

public enum SkinTone: Int, Codable, CaseIterable {
    case veryLight = 1, light, medium, tan, brown, dark
}

public struct FaceInsights: Codable {
    public let faceRect: CGRect
    public let ageEstimate: Double
    public let isFemale: Bool
    public let skinTone: SkinTone
    public let wearsGlasses: Bool
    public let smile: Double
}

public protocol FaceInsightsProvider {
    func insights(for image: CGImage) async throws -> [FaceInsights]
}
