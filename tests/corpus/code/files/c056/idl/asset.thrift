namespace java tv.assets

enum Colour { BLACK_AND_WHITE = 0, COLOUR = 1 }
enum Kind { FILM = 0, BROADCAST = 1, RACE_REPLAY = 2 }

struct Asset {
  1: required string id,
  2: required Kind kind,
  3: optional string originCountry,
  4: optional Colour colour,
  5: optional list<string> cast,
  6: optional string subtitleLanguage,
  7: optional i32 faceThumbFrame
}

service Broadcast {
  Asset get(1: string id)
}
