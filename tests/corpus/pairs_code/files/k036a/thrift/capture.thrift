namespace java com.gw.capture
namespace py capture

struct FaceCapture {
  1: required string captureId,
  2: required string deviceId,
  3: optional i32 age,
  4: optional i32 gender,
  5: optional bool mask,
  6: optional string hairStyle,
  7: optional i32 ethnicCode   // 1 Han, 5 Uygur, 0 unknown
}
