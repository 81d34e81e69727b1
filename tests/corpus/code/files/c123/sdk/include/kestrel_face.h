#ifndef KESTREL_FACE_H
#define KESTREL_FACE_H

#include <stdint.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { float x1, y1, x2, y2; float score; } kst_box_t;

typedef enum {
  KST_GENDER_UNKNOWN = 0,
  KST_GENDER_MALE,
  KST_GENDER_FEMALE,
} kst_gender_e;

typedef enum {
  KST_RACE_UNKNOWN = 0,
  KST_RACE_CAUCASIAN,
  KST_RACE_BLACK,
  KST_RACE_ASIAN,
} kst_race_e;

/* Filled by kst_attr_run() for every detected face. */
typedef struct {
  kst_box_t box;
  float age;
  kst_gender_e gender;
  float gender_score;
  kst_race_e race;
  float race_score;
  bool glasses;
  bool mask;
} kst_face_attr_t;

int kst_attr_open(void **h, const char *model_path);
int kst_attr_run(void *h, const uint8_t *nv12, int w, int h_, kst_face_attr_t *out, int cap);
void kst_attr_close(void *h);

#ifdef __cplusplus
}
#endif
#endif
