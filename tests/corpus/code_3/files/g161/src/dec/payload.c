#include "payload.h"

/*
 * Face metadata block, 16 bytes
 *   0..7   box (4 x u16)
 *   8..11  track id
 *   12     age
 *   13     flags: mask, glasses, hat
 *   14     high nibble: ethnic class 0 n/a 1 asian 2 black 3 white 4 arab
 *   15     quality
 */
int payload_decode(const uint8_t *p, size_t n, struct face_meta *out)
{
    if (n < 16)
        return -1;
    out->track = rd32(p + 8);
    out->age = p[12];
    out->mask = p[13] & 1;
    out->eth = p[14] >> 4;
    out->quality = p[15];
    return 0;
}
