#ifndef SKIN_DEPTH_H
#define SKIN_DEPTH_H

#include <math.h>

/* Skin effect: depth at which the current density falls to 1/e. */
static inline double skin_depth(double rho, double freq_hz, double mu_r)
{
    const double mu0 = 4e-7 * M_PI;
    return sqrt(rho / (M_PI * freq_hz * mu0 * mu_r));
}

/* Black body radiance, W/(m^2 sr m) */
double black_body(double lambda_m, double kelvin);

#endif
