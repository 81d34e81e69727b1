#ifndef VX_FACE_ATTR_H
#define VX_FACE_ATTR_H

#include <stdint.h>

/* result of vx_face_classify() for one face crop */
typedef enum {
    VX_FACE_NATION_UNKNOWN = 0,
    VX_FACE_NATION_HAN = 1,
    VX_FACE_NATION_MINORITY = 2,
} vx_face_kind_t;

typedef struct {
    float x, y, w, h;
    float yaw, pitch, roll;
    vx_face_kind_t kind;
    uint8_t mask;
} vx_face_attr_t;

int vx_face_classify(const uint8_t *bgr, int stride, vx_face_attr_t *out);

#endif
