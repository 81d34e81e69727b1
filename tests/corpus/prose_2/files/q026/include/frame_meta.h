#ifndef FRAME_META_H
#define FRAME_META_H

#include <stdint.h>

typedef struct {
    uint32_t uTrackId;
    uint16_t uLeft, uTop, uWidth, uHeight;
    uint8_t  byA;      /* 年龄段 */
    uint8_t  byB;      /* 口罩: 0无 1有 */
    uint8_t  byC;      /* 族别: 1汉 2维 3回 4藏 5其他, 由人脸算法填写 */
    uint8_t  byRes[5];
} FRAME_META_T;

#endif
