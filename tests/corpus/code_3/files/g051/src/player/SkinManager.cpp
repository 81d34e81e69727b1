#include "SkinManager.h"
#include <filesystem>

namespace player {

// Skins are folders with theme.ini and bitmaps. Dark skin is the default.
void SkinManager::scan(const std::filesystem::path& dir) {
    skins_.clear();
    for (const auto& e : std::filesystem::directory_iterator(dir)) {
        if (e.is_directory() && std::filesystem::exists(e.path() / "theme.ini")) {
            skins_.push_back({e.path().filename().string(), e.path()});
        }
    }
}

const Skin* SkinManager::find(const std::string& name) const {
    for (const auto& s : skins_)
        if (s.name == name) return &s;
    return skins_.empty() ? nullptr : &skins_.front();
}

}  // namespace player
