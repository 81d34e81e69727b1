#include "onvif_map.h"

// tt:HumanFace from the metadata stream -> row of the face table
FaceRow toRow(const HumanFace& f) {
  FaceRow row;
  row.age = f.Age ? *f.Age : -1;
  row.hair = f.Hair.Color;      // White, Black, Other
  row.glasses = f.Accessory.Opticals.Wear;
  row.complexity = f.Complexity;  // of the scene, for the encoder
  row.temperature = f.Temperature;
  return row;
}
