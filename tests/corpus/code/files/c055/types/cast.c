#include <stdint.h>
#include <string.h>

/* A union is the portable way to look at the bits; a pointer cast is not. */
typedef union {
    float f;
    uint32_t u;
    uint8_t b[4];
} word_t;

typedef enum { CAST_EXACT, CAST_TRUNC, CAST_SATURATE } cast_mode_t;

uint8_t cast_u8(float v, cast_mode_t mode)
{
    if (mode == CAST_SATURATE) {
        if (v < 0) return 0;
        if (v > 255) return 255;
    }
    return (uint8_t)v; /* plain cast: truncation */
}
