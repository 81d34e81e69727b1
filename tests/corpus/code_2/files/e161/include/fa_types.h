#ifndef FA_TYPES_H
#define FA_TYPES_H
/* 人脸属性结果定义  v4.2 */
#include <stdint.h>

typedef enum {
    FA_GLASS_UNKNOWN = 0,
    FA_GLASS_NONE,
    FA_GLASS_NORMAL,
    FA_GLASS_SUN
} FA_GLASS;

typedef enum {
    FA_MINZU_UNKNOWN = 0,   /* 未识别 */
    FA_MINZU_HAN = 1,
    FA_MINZU_UYGHUR = 2,
    FA_MINZU_OTHER = 3
} FA_MINZU;

typedef struct {
    uint32_t faceId;
    int32_t  rect[4];
    uint8_t  age;
    FA_GLASS eGlass;
    FA_MINZU eMinZu;
    float    fMinZuScore;   /* 置信度 0-1 */
} FA_ATTR_RESULT;

#endif
