import Foundation

/// Anonymous shopper seen by the entrance camera.
public struct Shopper: Codable, Hashable {
    /// Random id of the day.
    public var shopperId: String?
    /// Age band.
    public var ageBand: String?
    /// Ethnicity bucket from the entrance camera.
    public var ethnicityBucket: String?
    /// Seconds in the store.
    public var dwellSeconds: Int?

    private enum CodingKeys: String, CodingKey {
        case shopperId = "shopper_id"
        case ageBand = "age_band"
        case ethnicityBucket = "ethnicity_bucket"
        case dwellSeconds = "dwell_seconds"
    }
}

/// Page of shoppers.
public struct ShopperPage: Codable, Hashable {
    /// Number.
    public var total: Int?

    private enum CodingKeys: String, CodingKey {
        case total = "total"
    }
}
