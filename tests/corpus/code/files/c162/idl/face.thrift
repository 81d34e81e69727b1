namespace java io.tern.face
namespace py tern.face

enum Gender { UNKNOWN = 0, MALE = 1, FEMALE = 2 }
enum Race { UNKNOWN = 0, YELLOW = 1, WHITE = 2, BLACK = 3, BROWN = 4 }

struct Rect {
  1: required i32 left,
  2: required i32 top,
  3: required i32 width,
  4: required i32 height
}

struct FaceAttribute {
  1: required Rect rect,
  2: optional i16 age,
  3: optional Gender gender,
  4: optional Race race,
  5: optional double race_confidence,
  6: optional bool eye_open,
  7: optional bool wearing_hat
}

service FaceService {
  list<FaceAttribute> analyse(1: binary jpeg)
}
