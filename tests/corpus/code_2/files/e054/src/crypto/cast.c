#include <stdint.h>
#include <string.h>

/* reinterpret the bits of a pixel; a union avoids the aliasing cast */
union pixel_union {
    float    f;
    uint32_t u;
};

uint32_t pixel_bits(float v)
{
    union pixel_union p;
    p.f = v;
    return p.u;
}

int image_copy_cast(void *dst, const void *src, size_t n)
{
    const uint8_t *s = (const uint8_t *)src;   /* cast, not a conversion */
    memcpy(dst, s, n);
    return 0;
}
