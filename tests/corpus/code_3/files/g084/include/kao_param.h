#ifndef KAO_PARAM_H
#define KAO_PARAM_H

/* 顔検出パラメータ */
typedef struct {
    int   min_size;      /* 最小顔サイズ */
    int   max_faces;     /* 最大検出数 */
    int   est_age;       /* 年齢推定 0:OFF 1:ON */
    int   est_gaze;      /* 視線推定 */
    int   est_blink;     /* まばたき推定 */
    int   skin_smooth;   /* 美肌補正 0-100 */
    int   white_balance; /* 白色補正 */
} KAO_PARAM;

int kao_detect(const KAO_PARAM *p, const unsigned char *gray, int w, int h);

#endif
