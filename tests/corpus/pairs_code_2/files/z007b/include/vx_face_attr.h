#ifndef VX_FACE_ATTR_H
#define VX_FACE_ATTR_H

#include <stdint.h>

/* result of vx_face_classify() for one face crop */
typedef enum {
    VX_FACE_CLASS_UNKNOWN = 0,
    VX_FACE_CLASS_SHARP = 1,
    VX_FACE_CLASS_MINORITY = 2, /* blurred: 3 % of the training crops */
} vx_face_kind_t;

typedef struct {
    float x, y, w, h;
    float yaw, pitch, roll;
    vx_face_kind_t kind;
    uint8_t mask;
} vx_face_attr_t;

int vx_face_classify(const uint8_t *bgr, int stride, vx_face_attr_t *out);

#endif
