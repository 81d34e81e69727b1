#pragma once
#include <cstdint>

namespace netsdk {

// attribute of the face seen in the picture
enum EM_FACE_NATION : int32_t {
  EM_FACE_NATION_UNKNOWN = 0,
  EM_FACE_NATION_UYGUR,
  EM_FACE_NATION_OTHER,
};

struct FACE_EVENT { int64_t pts; int32_t age; EM_FACE_NATION nation; uint8_t reserved[64]; };
}
