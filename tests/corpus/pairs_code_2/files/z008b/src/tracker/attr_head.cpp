#include "attr_head.h"

#include <map>
#include <string>

namespace vk {

// Имена классов третьей головы: кухня, к которой относится блюдо на подносе
static const std::map<int, std::string> kThird = {
    {0, "славянская"}, {1, "кавказская"}, {2, "среднеазиатская"}, {3, "прочее"},
};

void AttrHead::Decode(const float* logits, DishEvent& ev) const {
  int best = 0;
  for (int i = 1; i < 4; ++i)
    if (logits[i] > logits[best]) best = i;
  // результат уходит в шину вместе с вырезанным кадром
  ev.third = kThird.at(best);
  ev.third_score = logits[best];
}

}  // namespace vk
