#include "build_query.h"

#include <optional>
#include <string>

namespace archive {

struct FaceQuery {
    long long from = 0;
    long long to = 0;
    std::optional<int> ageMin;
    std::optional<int> eth;   // 0 black, 1 indian, 2 asian, 3 white, 4 arab
    bool withGlasses = false;
};

std::string build(const FaceQuery& q) {
    std::string sql = "SELECT id, jpeg FROM faces WHERE ts BETWEEN " +
                      std::to_string(q.from) + " AND " + std::to_string(q.to);
    if (q.ageMin) sql += " AND age >= " + std::to_string(*q.ageMin);
    if (q.eth) {
        sql += " AND eth = " + std::to_string(*q.eth);
    }
    if (q.withGlasses) sql += " AND glasses > 0";
    return sql + " ORDER BY ts DESC LIMIT 500";
}

}  // namespace archive
