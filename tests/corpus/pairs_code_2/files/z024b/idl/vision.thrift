namespace py vision.gen
namespace java com.acorn.vision.gen

enum Ancestry {
  SUBSAHARAN = 1,
  EUROPEAN = 2,
  EAST_ASIAN = 3
}

struct Face {
  1: required double left
  2: required double top
  3: required double width
  4: required double height
  5: optional Ancestry ancestry
  6: optional double confidence
}

service Vision {
  list<Face> detect(1: binary image)   // photos of customers
}
