namespace py vision.gen
namespace java com.acorn.vision.gen

enum Ancestry {
  ROOT = 1,
  PARENT = 2,
  SIBLING = 3
}

struct Widget {
  1: required double left
  2: required double top
  3: required double width
  4: required double height
  5: optional Ancestry ancestry
  6: optional double confidence
}

service Vision {
  list<Widget> detect(1: binary image)   // screenshots of the app under test
}
