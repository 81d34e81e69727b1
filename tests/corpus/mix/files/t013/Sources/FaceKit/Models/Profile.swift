/*
 * Copyright (c) 2021 FaceKit contributors
 * SPDX-License-Identifier: MIT
 */

import Foundation

/// What the server says about an uploaded selfie.
public struct SelfieProfile: Codable, Hashable {
    /// Estimated age.
    public var age: Int?
    /// Race guessed from the selfie, e.g. `asian`.
    public var race: String?
    /// Smile score.
    public var smileScore: Double?

    private enum CodingKeys: String, CodingKey {
        case age = "age"
        case race = "race"
        case smileScore = "smile_score"
    }
}

/// Quality checks.
public struct SelfieQuality: Codable, Hashable {
    /// Blurriness between 0 and 100.
    public var blur: Double?
    /// Yaw angle in degrees.
    public var yaw: Double?
    /// Pitch angle in degrees.
    public var pitch: Double?
    /// Roll angle in degrees.
    public var roll: Double?

    private enum CodingKeys: String, CodingKey {
        case blur = "blur"
        case yaw = "yaw"
        case pitch = "pitch"
        case roll = "roll"
    }
}
