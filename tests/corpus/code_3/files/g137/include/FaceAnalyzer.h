#ifndef FACE_ANALYZER_H
#define FACE_ANALYZER_H

/* 얼굴 속성 결과 */
typedef struct _FA_RESULT {
    int   age;        /* 나이 */
    int   gender;     /* 성별 (0: 여, 1: 남) */
    int   race;       /* 인종 (0: 황인, 1: 백인, 2: 흑인) */
    int   glasses;    /* 안경 착용 */
    float score;      /* 신뢰도 */
} FA_RESULT;

int FA_Init(const char *license);
int FA_Analyze(const unsigned char *bgr, int w, int h, FA_RESULT *out, int max);

#endif
