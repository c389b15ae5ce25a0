// How numbers lie in memory: float and double as they are, bfloat16 and float16 as 16 bits that are computed in float.
#ifndef ACTGEN_FORMATS_H
#define ACTGEN_FORMATS_H

#include "math/base.h"

namespace actgen {

struct Bfloat16 {
  unsigned short bits;
};
struct Float16 {
  unsigned short bits;
};

// What a number is read as.
ACTGEN_INLINE float loaded(float a) { return a; }
ACTGEN_INLINE double loaded(double a) { return a; }
ACTGEN_INLINE float loaded(Bfloat16 a) { return from_bits((unsigned int)a.bits << 16); }
ACTGEN_INLINE float loaded(Float16 a) {
  unsigned int exponent_and_fraction = (a.bits & 0x7fffu) << 13, sign = (a.bits & 0x8000u) << 16;
  // The multiplication moves the exponent, and makes normal numbers of subnormal ones.
  float scaled = from_bits(exponent_and_fraction) * 0x1p112f;
  unsigned int special = exponent_and_fraction | 0x7f800000u;
  unsigned int bits = exponent_and_fraction >= 0x0f800000u ? special : to_bits(scaled);
  return from_bits(bits | sign);
}

// What a number is stored as: rounded to nearest, ties to even.
ACTGEN_INLINE void store(float& to, float a) { to = a; }
ACTGEN_INLINE void store(double& to, double a) { to = a; }
ACTGEN_INLINE void store(float& to, double a) { to = float(a); }
ACTGEN_INLINE void store(Bfloat16& to, float a) {
  unsigned int bits = to_bits(a), rounded = bits + 0x7fffu + (bits >> 16 & 1u);
  to.bits = (unsigned short)((a == a ? rounded : bits | 0x400000u) >> 16);
}
ACTGEN_INLINE void store(Float16& to, float a) {
  unsigned int bits = to_bits(a) & 0x7fffffffu, sign = to_bits(a) >> 16 & 0x8000u;
  unsigned int normal = (bits - 0x38000000u + 0xfffu + (bits >> 13 & 1u)) >> 13;
  unsigned int subnormal = to_bits(from_bits(bits) + 0.5f) - 0x3f000000u;  // an ulp of 0.5 is the smallest float16
  unsigned int number = bits < 0x38800000u ? subnormal : bits >= 0x47800000u ? 0x7c00u : normal;
  to.bits = (unsigned short)((bits > 0x7f800000u ? 0x7e00u : number) | sign);
}

// A format that is known when the program runs.
enum Numbers { FLOAT64, FLOAT32, BFLOAT16, FLOAT16 };

ACTGEN_INLINE double number_at(Numbers format, const void* at, long index) {
  switch (format) {
    case FLOAT64: return static_cast<const double*>(at)[index];
    case FLOAT32: return static_cast<const float*>(at)[index];
    case BFLOAT16: return loaded(static_cast<const Bfloat16*>(at)[index]);
    default: return loaded(static_cast<const Float16*>(at)[index]);
  }
}
ACTGEN_INLINE void put_number(Numbers format, void* at, long index, double value) {
  switch (format) {
    case FLOAT64: store(static_cast<double*>(at)[index], value); break;
    case FLOAT32: store(static_cast<float*>(at)[index], value); break;
    case BFLOAT16: store(static_cast<Bfloat16*>(at)[index], float(value)); break;
    default: store(static_cast<Float16*>(at)[index], float(value));
  }
}

}  // namespace actgen

#endif
