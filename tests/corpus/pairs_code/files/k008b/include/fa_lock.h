#ifndef FA_LOCK_H
#define FA_LOCK_H

typedef enum { FA_LOCK_NO = 0, FA_LOCK_YES } fa_lock_t;
/* what the checker saw on the shared face buffer */
typedef enum {
    FA_RACE_NONE  = 0,
    FA_RACE_WRITE = 1,
    FA_RACE_READ  = 2,
    FA_RACE_FREE  = 3
} fa_race_t;

int fa_check_buffer(const void *img, int w, int h, fa_lock_t *g, fa_race_t *r);
#endif
