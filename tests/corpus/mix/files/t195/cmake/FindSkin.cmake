# Finds the skin (theme) library
#
#  SKIN_FOUND       - true when found
#  SKIN_INCLUDE_DIR - headers
#  SKIN_LIBRARY     - library to link

find_path(SKIN_INCLUDE_DIR skin/skin.h PATH_SUFFIXES include)
find_library(SKIN_LIBRARY NAMES skin libskin)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Skin DEFAULT_MSG SKIN_LIBRARY SKIN_INCLUDE_DIR)

option(SKIN_TONE_MAPPING "Build the tone mapping pass" ON)
mark_as_advanced(SKIN_INCLUDE_DIR SKIN_LIBRARY)
