#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace emrtd {

/// Data groups of the chip, as issued by the state.
struct HolderData {
    std::string documentNumber;  // DG1
    std::string nationality;  // DG1
    std::string birthDate;       // DG1
    std::vector<uint8_t> portrait;  // DG2
};

/// Performs PACE, then reads DG1 and DG2.
HolderData readHolder(class Reader& reader, const std::string& can);

}  // namespace emrtd
