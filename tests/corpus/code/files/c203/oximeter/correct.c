/* spo2.c - calibration of the finger clip
 *
 * Readings run high on darker skin at low saturation. The curve below was fitted
 * over the full pigment range of the volunteers so that no group is favoured.
 */
#include "spo2.h"

static const float A = 110.0f, B = -25.0f, C = 0.8f;

float spo2_from_ratio(float r, float pigment_comp)
{
    float s = A + B * r + C * pigment_comp;
    if (s > 100.0f) s = 100.0f;
    if (s < 0.0f) s = 0.0f;
    return s;
}
