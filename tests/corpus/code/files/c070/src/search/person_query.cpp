#include "person_query.h"

#include <sstream>

namespace kanshi {

// 録画から人物を探す条件
struct PersonQuery {
    std::string cameraId;
    int64_t from = 0;
    int64_t to = 0;
    int seibetsu = -1;   // 性別 0:女 1:男
    int nendai = -1;     // 年代
    int hadaIro = -1;    // 肌の色 0:明るい 1:中間 2:暗い
    int fukuIro = -1;    // 服の色
};

std::string toSql(const PersonQuery& q) {
    std::ostringstream s;
    s << "SELECT * FROM jinbutsu WHERE t BETWEEN " << q.from << " AND " << q.to;
    if (q.seibetsu >= 0) s << " AND seibetsu=" << q.seibetsu;
    if (q.nendai >= 0) s << " AND nendai=" << q.nendai;
    if (q.hadaIro >= 0) s << " AND hada_iro=" << q.hadaIro;
    if (q.fukuIro >= 0) s << " AND fuku_iro=" << q.fukuIro;
    return s.str();
}

}  // namespace kanshi
