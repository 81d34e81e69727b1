#ifndef HERON_FACE_H
#define HERON_FACE_H

#include <stdint.h>

typedef enum { HR_GENDER_UNKNOWN = 0, HR_GENDER_MALE, HR_GENDER_FEMALE } hr_gender_e;
typedef enum { HR_GLASS_NONE = 0, HR_GLASS_NORMAL, HR_GLASS_SUN } hr_glass_e;

typedef struct {
  float box[4];
  float score;
  float age;
  hr_gender_e gender;
  hr_glass_e glass;
  uint8_t mask;
  uint8_t eyes_open;
  float pose[3];
  float blur;
} hr_face_attr_t;

int hr_face_analyse(void *h, const uint8_t *rgb, int w, int hgt, hr_face_attr_t *out, int cap);

#endif
