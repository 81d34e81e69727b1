namespace java com.gw.typeface
namespace py typeface

struct FontFace {
  1: required string faceId,
  2: required string foundry,
  3: optional i32 weight,
  4: optional i32 width,
  5: optional bool mask,
  6: optional string style,
  7: optional i32 ethnicCode   // script group of the glyphs: 1 Han, 5 Uygur Arabic, 0 unknown
}
