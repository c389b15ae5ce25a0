// Inverse trigonometric functions.
#ifndef ACTGEN_MATH_INVERSE_H
#define ACTGEN_MATH_INVERSE_H

#include "angles.h"
#include "base.h"
#include "polynomials.h"

namespace actgen {

// The angle of the point (x, y), both at least 0 and not both infinite.
template <typename T>
ACTGEN_INLINE T first_quadrant(T y, T x) {
  bool steep = y > x;
  T short_side = steep ? x : y, long_side = steep ? y : x;
  T r = short_side / (long_side == T(0) ? T(1) : long_side), z = r * r;
  T angle = fma(r * z, atan_tail(z), r);
  return steep ? Turn<T>::QUARTER - (angle - Turn<T>::QUARTER_LOW) : angle;
}

// Worst error in ulp: 1.351 in float, all inputs; 1.415 in double, a sample.
template <typename T>
ACTGEN_INLINE T atan(T x) {
  return copysign(first_quadrant(abs(x), T(1)), x);
}

// The angle of the point (x, y), in [-π, π].
template <typename T>
ACTGEN_INLINE T atan2(T y, T x) {
  bool diagonal = abs(x) == infinity<T>() && abs(y) == infinity<T>();
  T angle = first_quadrant(diagonal ? T(1) : abs(y), diagonal ? T(1) : abs(x));
  bool left = to_bits(x) & SIGN<T>;
  T result = copysign(left ? Turn<T>::PI - (angle - Turn<T>::PI_LOW) : angle, y);
  return x != x ? x : result;
}

// asin(y) for 0 <= y <= 1/2; beyond, asin(√((1 - y)/2)), which is half of acos(y).
template <typename T>
ACTGEN_INLINE T asin_core(T y) {
  bool outer = y > T(0.5);
  T z = outer ? (T(1) - y) * T(0.5) : y * y;
  T r = outer ? sqrt(z) : y;
  return fma(r * z, asin_tail(z), r);
}

// Worst error in ulp: 2.283 in float, all inputs; 2.027 in double, a sample.
template <typename T>
ACTGEN_INLINE T asin(T x) {
  T y = abs(x), core = asin_core(y);
  return copysign(y > T(0.5) ? Turn<T>::QUARTER - fma(T(2), core, -Turn<T>::QUARTER_LOW) : core, x);
}

// Worst error in ulp: 1.058 in float, all inputs; 1.081 in double, a sample.
template <typename T>
ACTGEN_INLINE T acos(T x) {
  T y = abs(x), core = asin_core(y);
  T below = T(2) * (Turn<T>::QUARTER - (core - Turn<T>::QUARTER_LOW));
  T outer = x < T(0) ? below : T(2) * core;
  return y > T(0.5) ? outer : Turn<T>::QUARTER - (copysign(core, x) - Turn<T>::QUARTER_LOW);
}

}  // namespace actgen

#endif
