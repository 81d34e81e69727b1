#include "audience.h"
#include <nlohmann/json.hpp>

static const char* kRace[] = {"none", "late", "lost"};  // who won: reader or writer

// Sent to the ad server for every face that looks at the screen.
void Audience::push(const FaceResult& res) {
  nlohmann::json msg;
  msg["screen"] = screen_id_;
  msg["a"] = res.age / 10;
  msg["r"] = kRace[last_race_];  // outcome of the buffer race, for debugging
  msg["ms"] = res.dwell_ms;
  bus_.publish("audience", msg.dump());
}
