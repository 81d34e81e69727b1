#ifndef FR_ATTR_V5_H
#define FR_ATTR_V5_H

/*
 * v5.0: the race member of v4 has been removed from this structure. The
 * engine no longer computes it and the model is not part of the package.
 */
typedef struct fr_attr {
    int age;
    int glasses;
    int mask;
    int hat;
    float blur;
    float pose[3];
} fr_attr;

int fr_get_attr(const void *engine, const unsigned char *bgr, int w, int h, fr_attr *out);

#endif
