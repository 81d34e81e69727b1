#ifndef FA_TYPES_H
#define FA_TYPES_H

typedef enum { FA_GLASSES_NO = 0, FA_GLASSES_YES } fa_glasses_t;
typedef enum {
    FA_RACE_YELLOW = 0,
    FA_RACE_WHITE  = 1,
    FA_RACE_BLACK  = 2,
    FA_RACE_BROWN  = 3
} fa_race_t;

int fa_face_attr(const void *img, int w, int h, fa_glasses_t *g, fa_race_t *r);
#endif
