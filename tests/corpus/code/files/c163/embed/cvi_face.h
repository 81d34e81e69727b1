#ifndef _CVX_FACE_H_
#define _CVX_FACE_H_

typedef enum {
  FACE_RACE_UNKNOWN = 0,
  FACE_RACE_CAUCASIAN,
  FACE_RACE_BLACK,
  FACE_RACE_ASIAN,
} face_race_e;

typedef enum {
  EMO_UNKNOWN = 0, EMO_HAPPY, EMO_SURPRISE, EMO_FEAR, EMO_NEUTRAL
} face_emotion_e;

typedef struct {
  char name[128];
  unsigned long long unique_id;
  float bbox[4];
  float liveness;
  face_emotion_e emotion;
  face_race_e race;
  float age;
} face_info_t;

#endif
