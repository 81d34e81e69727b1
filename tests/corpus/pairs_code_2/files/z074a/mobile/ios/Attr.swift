import Foundation

/// サーバーが返す 顔 1 件分の推定結果
struct Attr: Decodable {
    let box: [Double]
    let nenrei: Int // 年齢
    let jinshu: String // 人種
    let score: Double

    enum CodingKeys: String, CodingKey {
        case box
        case nenrei = "age"
        case jinshu = "race"
        case score
    }
}

func load(_ data: Data) throws -> [Attr] {
    try JSONDecoder().decode([Attr].self, from: data)
}
