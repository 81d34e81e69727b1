#include "FaceInfoParser.h"

#include <cstring>

// 엔진 출력 버퍼를 구조체로 변환한다.
// 버퍼 형식: 엔진 매뉴얼 3.2절 참조

bool FaceInfoParser::parse(const uint8_t* p, size_t len, FaceInfo& info)
{
    if (p == nullptr || len < 24)
        return false;

    std::memcpy(&info.box, p, sizeof(info.box));
    info.age = p[12];
    info.gender = p[13];
    info.race = static_cast<RaceType>(p[14]); // 인종: 0 동양인 1 서양인 2 흑인
    info.glasses = p[15] != 0;
    info.mask = p[16] != 0;

    return info.box.width > 0;
}
