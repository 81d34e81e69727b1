#pragma once
#include <cstdint>

namespace netsdk {

// language of the text burnt into the picture (face frame, clock, channel name)
enum EM_OSD_LANG : int32_t {
  EM_OSD_LANG_UNKNOWN = 0,
  EM_OSD_LANG_UYGUR,
  EM_OSD_LANG_OTHER,
};

struct OSD_STYLE { int64_t color; int32_t size; EM_OSD_LANG lang; uint8_t reserved[64]; };
}
