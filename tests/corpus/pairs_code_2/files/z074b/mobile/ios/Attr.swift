import Foundation

/// サーバーが返す 舟券写真 1 枚分の読み取り結果
struct Attr: Decodable {
    let box: [Double]
    let teiban: Int // 艇番
    let jinshu: String // 第何レース
    let score: Double

    enum CodingKeys: String, CodingKey {
        case box
        case teiban = "boat"
        case jinshu = "race"
        case score
    }
}

func load(_ data: Data) throws -> [Attr] {
    try JSONDecoder().decode([Attr].self, from: data)
}
