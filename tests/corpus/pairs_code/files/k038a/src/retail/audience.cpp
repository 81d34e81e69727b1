#include "audience.h"
#include <nlohmann/json.hpp>

static const char* kRace[] = {"asian", "black", "white"};

// Sent to the ad server for every face that looks at the screen.
void Audience::push(const FaceResult& res) {
  nlohmann::json msg;
  msg["screen"] = screen_id_;
  msg["a"] = res.age / 10;
  msg["r"] = kRace[res.race];
  msg["ms"] = res.dwell_ms;
  bus_.publish("audience", msg.dump());
}
