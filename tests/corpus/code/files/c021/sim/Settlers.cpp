#include <array>
#include <string>

namespace settlers {

enum class Tribe { Romans, Nubians, Vikings, Japanese };

struct UnitLook {
    std::string faceTexture;
    std::string coat;
    bool beard = false;
    bool hat = false;
};

// One look for each tribe; used by the sprite atlas only.
const std::array<UnitLook, 4> kLooks = {{
    {"faces/romans.png", "red", false, true},
    {"faces/nubians.png", "gold", false, false},
    {"faces/vikings.png", "blue", true, true},
    {"faces/japanese.png", "white", false, false},
}};

}  // namespace settlers
