// Written by `python -m actgen.native.polynomials`; do not edit.
//
// Polynomials close to minimax, each with its worst error where it is used.
#ifndef ACTGEN_MATH_POLYNOMIALS_H
#define ACTGEN_MATH_POLYNOMIALS_H

#include "base.h"

namespace actgen {

// (e^r - 1 - r)/r², |r| <= ln(2)/2.
// Error 2^-32.8.
ACTGEN_INLINE float exp_tail(float x) {
  return horner(x, 0x1p-1f, 0x1.555556p-3f, 0x1.5554dap-5f, 0x1.110ff2p-7f,
                0x1.6d5ebap-10f, 0x1.a2696p-13f);
}
// Error 2^-63.6.
ACTGEN_INLINE double exp_tail(double x) {
  return horner(x, 0x1p-1, 0x1.555555555555dp-3, 0x1.5555555555559p-5, 0x1.111111110e4dap-7,
                0x1.6c16c16c14881p-10, 0x1.a01a01b656b7p-13, 0x1.a01a01afefc0ap-16, 0x1.71dde925d6da7p-19,
                0x1.27e4c6b7a3dfep-22, 0x1.af77e0243d9b9p-26, 0x1.1f94430f001abp-29);
}

// (log((1 + s)/(1 - s))/s - 2)/z, z = s² <= 0.0295.
// Error 2^-34.0.
ACTGEN_INLINE float log_tail(float x) {
  return horner(x, 0x1.555554p-1f, 0x1.999bd4p-2f, 0x1.23f1b8p-2f, 0x1.ec167cp-3f);
}
// Error 2^-65.4.
ACTGEN_INLINE double log_tail(double x) {
  return horner(x, 0x1.5555555555555p-1, 0x1.9999999999d22p-2, 0x1.24924924374fep-2, 0x1.c71c724eae895p-3,
                0x1.745ce0985162ep-3, 0x1.3b205e0e4bca4p-3, 0x1.0f61ce8b21ea2p-3, 0x1.0f425f8b0cb3dp-3);
}

// (sin(r)/r - 1)/z, z = r² <= (π/4)².
// Error 2^-32.2.
ACTGEN_INLINE float sin_tail(float x) {
  return horner(x, -0x1.555556p-3f, 0x1.111162p-7f, -0x1.a04592p-13f, 0x1.76fe08p-19f);
}
// Error 2^-62.8.
ACTGEN_INLINE double sin_tail(double x) {
  return horner(x, -0x1.5555555555555p-3, 0x1.111111111108ep-7, -0x1.a01a01a007b81p-13, 0x1.71de3a418a8c7p-19,
                -0x1.ae643f71adf8p-26, 0x1.61162f55a9907p-33, -0x1.a62eb701aa24cp-41);
}

// (cos(r) - 1 + z/2)/z², z = r² <= (π/4)².
// Error 2^-36.8.
ACTGEN_INLINE float cos_tail(float x) {
  return horner(x, 0x1.555556p-5f, -0x1.6c174ep-10f, 0x1.a0615ep-16f, -0x1.320226p-22f);
}
// Error 2^-68.6.
ACTGEN_INLINE double cos_tail(double x) {
  return horner(x, 0x1.5555555555555p-5, -0x1.6c16c16c16b4dp-10, 0x1.a01a01a002f2p-16, -0x1.27e4fb623b245p-22,
                0x1.1eed7998e0e9dp-29, -0x1.938073414c8b9p-37, 0x1.a354cabdd955dp-45);
}

// (atan(r)/r - 1)/z, z = r² <= 1.
// Error 2^-30.8.
ACTGEN_INLINE float atan_tail(float x) {
  return horner(x, -0x1.55555p-2f, 0x1.9997ap-3f, -0x1.24707ep-3f, 0x1.c4ce16p-4f,
                -0x1.68692p-4f, 0x1.131292p-4f, -0x1.6b3b0ap-5f, 0x1.6c9586p-6f,
                -0x1.d6fd2ap-8f, 0x1.1d4516p-10f);
}
// Error 2^-62.8.
ACTGEN_INLINE double atan_tail(double x) {
  return horner(x, -0x1.5555555555554p-2, 0x1.999999999972dp-3, -0x1.249249248630bp-3, 0x1.c71c71c349714p-4,
                -0x1.745d16e897cf9p-4, 0x1.3b13ab553270bp-4, -0x1.1110cd7ab3cc9p-4, 0x1.e1dd692c0a008p-5,
                -0x1.af0b8acd5ef46p-5, 0x1.8586bc1b0e9bep-5, -0x1.61e457eff2fep-5, 0x1.404b4c9ce7ad3p-5,
                -0x1.1be18c06b4b03p-5, 0x1.dfb494f1dd6bfp-6, -0x1.7516e54ac717cp-6, 0x1.00d1c2bf1f52bp-6,
                -0x1.2c57c429eddacp-7, 0x1.1d98101dfc03p-8, -0x1.a366c653ba0b4p-10, 0x1.bac5c01149c8bp-12,
                -0x1.297930a64420fp-14, 0x1.7cb5d4011bfd2p-18);
}

// (asin(r)/r - 1)/z, z = r² <= 1/4.
// Error 2^-31.7.
ACTGEN_INLINE float asin_tail(float x) {
  return horner(x, 0x1.55554cp-3f, 0x1.33389ap-4f, 0x1.6cab96p-5f, 0x1.04a6c6p-5f,
                0x1.d819b6p-7f, 0x1.33a3bp-5f);
}
// Error 2^-59.7.
ACTGEN_INLINE double asin_tail(double x) {
  return horner(x, 0x1.5555555555577p-3, 0x1.333333332e1b5p-4, 0x1.6db6db7209136p-5, 0x1.f1c71a992177dp-6,
                0x1.6e8bde5eef66dp-6, 0x1.1c49f9e9a13dep-6, 0x1.ca1ea227054eep-7, 0x1.758d268ee4417p-7,
                0x1.6111c74a88316p-7, 0x1.e878ce55107adp-9, 0x1.62daa950786bap-6, -0x1.56eedd53cbf7dp-6,
                0x1.0af379e651188p-5);
}

// erf(r)/r - 1, z = r² <= 1.
// Error 2^-29.9.
ACTGEN_INLINE float erf_tail(float x) {
  return horner(x, 0x1.06eba8p-3f, -0x1.812744p-2f, 0x1.ce2eap-4f, -0x1.b821e6p-6f,
                0x1.55dcc6p-8f, -0x1.b99eb6p-11f, 0x1.c77348p-14f, -0x1.1fd45cp-17f);
}
// Error 2^-56.2.
ACTGEN_INLINE double erf_tail(double x) {
  return horner(x, 0x1.06eba8214db69p-3, -0x1.812746b037a02p-2, 0x1.ce2f21a043b39p-4, -0x1.b82ce312c904p-6,
                0x1.565bcd17e78b1p-8, -0x1.c02db5bf44215p-11, 0x1.f9a35d6154cf9p-14, -0x1.f4d6e39d4c49fp-17,
                0x1.ba29d078221cbp-20, -0x1.622465af90574p-23, 0x1.11289c19070a9p-26, -0x1.fbaaf1883688p-30,
                0x1.46d476713e659p-32, -0x1.371953252d2fdp-35);
}

// (y + 2)·e^(y²)·erfc(y) - 1, t = (y - 2)/(y + 2), y >= 0.8.
// Error 2^-27.6.
ACTGEN_INLINE float erfcx_tail(float x) {
  return horner(x, 0x1.619c6ap-6f, -0x1.5fd386p-1f, 0x1.1e2e06p-2f, -0x1.2a8974p-5f,
                -0x1.608c28p-6f, 0x1.a91b02p-8f, 0x1.9b833ap-9f, -0x1.e1fd4cp-11f,
                -0x1.880624p-11f, 0x1.36a6eep-12f);
}
// Error 2^-55.9.
ACTGEN_INLINE double erfcx_tail(double x) {
  return horner(x, 0x1.619c6d4b1dd7dp-6, -0x1.5fd386754effcp-1, 0x1.1e2deea6b113bp-2, -0x1.2a88e6107a92cp-5,
                -0x1.606e415519b25p-6, 0x1.a89eaff2e1d24p-8, 0x1.9517bb68cf544p-9, -0x1.b6fbf4a46845fp-11,
                -0x1.5ba43b458b875p-11, 0x1.204f7fc660c92p-15, 0x1.2efbf6856407p-13, 0x1.1e9929ff2fd1dp-15,
                -0x1.6cb820d5dceeep-16, -0x1.0f4c73ad4202fp-16, -0x1.d26db4a22cf13p-21, 0x1.dcd3db341a04bp-19,
                0x1.62c7155d50bc8p-20, 0x1.026ef5093b527p-20, -0x1.6cdd50b4122d9p-22, -0x1.03e150af228dcp-19,
                0x1.8a36616495bc9p-20, -0x1.66994677e9a7p-22, 0x1.5e7484f1100e8p-27);
}

// m^(-1/3), roughly, √½/2 <= m <= 2√2.
// Error 2^-6.6.
ACTGEN_INLINE float inverse_cbrt_start(float x) {
  return horner(x, 0x1.dc1d3ep+0f, -0x1.a4ba56p+0f, 0x1.16dd6ep+0f, -0x1.6a2e1ep-2f,
                0x1.64c116p-5f);
}
// Error 2^-6.6.
ACTGEN_INLINE double inverse_cbrt_start(double x) {
  return horner(x, 0x1.dc1d3e4592e8ap+0, -0x1.a4ba56713fd96p+0, 0x1.16dd6f1577fcap+0, -0x1.6a2e212b3bf13p-2,
                0x1.64c11b76a553ep-5);
}

}  // namespace actgen

#endif
