#include "metadata_writer.h"

#include <array>
#include <string_view>

namespace {

constexpr std::array<std::string_view, 4> complexionName{"White", "Black", "Asian", "Other"};
constexpr std::array<std::string_view, 3> hairName{"Straight", "Wave", "Curls"};

}  // namespace

void MetadataWriter::humanFace(const FaceObs& f) {
    open("fc:HumanFace");
    text("fc:Age", std::to_string(f.age));
    text("fc:Gender", f.male ? "Male" : "Female");
    open("fc:Hair");
    text("fc:Style", hairName[f.hair]);
    close();
    text("fc:Complexion", complexionName[f.complexion]);
    text("fc:Temperature", std::to_string(f.celsius));
    close();
}
