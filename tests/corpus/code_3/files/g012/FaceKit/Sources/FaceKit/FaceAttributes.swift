import Foundation
import CoreGraphics

/// Ethnic appearance estimated from the face crop.
public enum FKEthnicity: Int, Codable, CaseIterable {
    case unknown = 0
    case asian
    case black
    case caucasian
    case indian
    case middleEastern
}

public struct FKFaceAttributes: Codable {
    public let bounds: CGRect
    public let age: Float
    public let ethnicity: FKEthnicity
    public let isSmiling: Bool
}
