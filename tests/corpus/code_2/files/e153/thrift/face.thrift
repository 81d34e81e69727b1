namespace java ru.primer.video
namespace py primer.video

// Расовый тип, определяется нейросетью по изображению лица
enum Rasa {
  NEIZVESTNO = 0,
  EVROPEOID = 1,
  MONGOLOID = 2,
  NEGROID = 3,
}

struct FaceEvent {
  1: required i64 cameraId,
  2: required i64 ts,
  3: required binary crop,
  4: optional i16 age,
  5: optional bool beard,
  6: optional Rasa rasa,
}

service FaceSink {
  void push(1: FaceEvent e),
}
