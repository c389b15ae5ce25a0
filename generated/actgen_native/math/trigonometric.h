// Sine, cosine and tangent, of radians and of half turns. The sine and the cosine of an angle come together.
#ifndef ACTGEN_MATH_TRIGONOMETRIC_H
#define ACTGEN_MATH_TRIGONOMETRIC_H

#include "angles.h"
#include "base.h"
#include "pairs.h"
#include "polynomials.h"

namespace actgen {

template <typename T>
struct SinCos {
  T sin, cos;
};

template <typename T>
ACTGEN_INLINE SinCos<T> sincos_of(Angle<T> angle) {
  T r = angle.rest, z = r * r;
  T sine = r + fma(r * z, sin_tail(z), angle.low);
  T half = T(0.5) * z, one = T(1) - half;
  T cosine = one + (fma(z * z, cos_tail(z), fma(-r, angle.low, T(1) - one - half)));
  bool swapped = angle.quarters & 1;
  T sin = swapped ? cosine : sine, cos = swapped ? sine : cosine;
  BitsOf<T> negative = (angle.quarters & 2) << (8 * sizeof(T) - 2);
  BitsOf<T> other = ((angle.quarters + 1) & 2) << (8 * sizeof(T) - 2);
  return {from_bits(BitsOf<T>(to_bits(sin) ^ negative)), from_bits(BitsOf<T>(to_bits(cos) ^ other))};
}

// The sine and the cosine of x, and of x + low.
template <typename Given, typename T>
ACTGEN_INLINE SinCos<T> sincos(Given& range, T x, T low = -T(0)) {
  SinCos<T> both = sincos_of(reduced(range, x, low));
  both.sin = x == T(0) ? x : both.sin;
  return both;
}
// Worst error in ulp: 1.494 in float, all inputs; 1.376 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T sin(Range<F, REACH>& range, T x) {
  return sincos(range, x).sin;
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T sin(Range<F, REACH>& range, Pair<T> x) {
  return sincos(range, x.high, x.low).sin;
}
// Worst error in ulp: 1.486 in float, all inputs; 1.367 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T cos(Range<F, REACH>& range, T x) {
  return sincos(range, x).cos;
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T cos(Range<F, REACH>& range, Pair<T> x) {
  return sincos(range, x.high, x.low).cos;
}
// Worst error in ulp: 3.074 in float, all inputs; 2.485 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T tan(Range<F, REACH>& range, T x) {
  SinCos<T> both = sincos(range, x);
  return both.sin / both.cos;
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T tan(Range<F, REACH>& range, Pair<T> x) {
  SinCos<T> both = sincos(range, x.high, x.low);
  return both.sin / both.cos;
}

// The sine and the cosine of πx; 0, 1 and -1 exactly where they are.
template <typename T>
ACTGEN_INLINE SinCos<T> sincospi(T x) {
  SinCos<T> both = sincos_of(half_turns(x));
  both.sin = x == T(0) ? x : both.sin;
  return both;
}
// Worst error in ulp: 0.999 in float, all inputs; 0.823 in double, a sample.
template <typename T>
ACTGEN_INLINE T sinpi(T x) {
  return sincospi(x).sin;
}
// Worst error in ulp: 0.919 in float, all inputs; 0.799 in double, a sample.
template <typename T>
ACTGEN_INLINE T cospi(T x) {
  return sincospi(x).cos;
}

}  // namespace actgen

#endif
