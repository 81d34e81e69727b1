import Foundation

struct RaceEntry: Codable, Identifiable {
    let id: Int
    let sailNumber: String
    let boatName: String
    let nation: String          // three letters on the sail
    let helm: String
    let photo: URL?
    var finish: Date?
    var status: Status = .racing

    enum Status: String, Codable { case racing, finished, dnf, dsq }
}

func raceOrder(_ entries: [RaceEntry]) -> [RaceEntry] {
    entries.sorted { ($0.finish ?? .distantFuture) < ($1.finish ?? .distantFuture) }
}
