// Hyperbolic functions and their inverses.
#ifndef ACTGEN_MATH_HYPERBOLIC_H
#define ACTGEN_MATH_HYPERBOLIC_H

#include "base.h"
#include "exp.h"
#include "log.h"

namespace actgen {

// Worst error in ulp: 0.767 in float, all inputs; 0.745 in double, a sample.
template <typename T>
ACTGEN_INLINE T tanh(T x) {
  Pair<T> t = expm1_pair(T(-2) * abs(x));
  Pair<T> below = ordered_sum(T(2), t.high);
  return copysign(quotient<T>({-t.high, -t.low}, {below.high, below.low + t.low}), x);
}

// Worst error in ulp: 1.314 in float, all inputs; 1.244 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T cosh(Range<F, REACH>& range, T x, T low = -T(0)) {
  T half = exp_shifted(range, abs(x), copysign(T(1), x) * low, -1);
  return half + T(0.25) / half;
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T cosh(Range<F, REACH>& range, Pair<T> x) {
  return cosh(range, x.high, x.low);
}

// Worst error in ulp: 2.177 in float, all inputs; 2.017 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T sinh(Range<F, REACH>& range, T x, T low = -T(0)) {
  T y = abs(x);
  T half = exp_shifted(range, y, copysign(T(1), x) * low, -1);
  T e = expm1(range, at_most(y, T(1)));
  T small = T(0.5) * (e + e / (T(1) + e));
  return copysign(y <= T(1) ? small : half - T(0.25) / half, x);
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T sinh(Range<F, REACH>& range, Pair<T> x) {
  return sinh(range, x.high, x.low);
}

// 1/cosh(x).
// Worst error in ulp: 2.373 in float, all inputs; 2.079 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T sech(Range<F, REACH>& range, T x, T low = -T(0)) {
  T e = exp(range, -abs(x), -copysign(T(1), x) * low);
  return T(2) * e / fma(e, e, T(1));
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T sech(Range<F, REACH>& range, Pair<T> x) {
  return sech(range, x.high, x.low);
}

// Beyond it asinh(x) and acosh(x) are log(2x), and a square may overflow.
template <typename T>
constexpr T FAR_OUT = sizeof(T) == 4 ? T(0x1p14) : T(0x1p28);

// Worst error in ulp: 1.801 in float, all inputs; 1.658 in double, a sample.
template <typename T>
ACTGEN_INLINE T asinh(T x) {
  Range<T, GUARDED> range;
  T y = abs(x);
  bool far = y > FAR_OUT<T>;
  T inner = at_most(y, FAR_OUT<T>), square = inner * inner;
  T above = inner + square / (T(1) + sqrt(T(1) + square));
  return copysign(log1p(range, far ? y - T(1) : above) + (far ? Format<T>::LN2 : T(0)), x);
}

// Worst error in ulp: 2.410 in float, all inputs; 1.571 in double, a sample.
template <typename T>
ACTGEN_INLINE T acosh(T x) {
  Range<T, GUARDED> range;
  bool far = x > FAR_OUT<T>;
  T inner = at_most(x, FAR_OUT<T>) - T(1);
  T above = inner + sqrt(inner * (inner + T(2)));
  T result = log1p(range, far ? x - T(1) : above) + (far ? Format<T>::LN2 : T(0));
  return x < T(1) || x != x ? not_a_number<T>() : result;
}

// Worst error in ulp: 2.069 in float, all inputs; 1.900 in double, a sample.
template <typename T>
ACTGEN_INLINE T atanh(T x) {
  Range<T, GUARDED> range;
  T y = abs(x);
  return copysign(T(0.5) * log1p(range, T(2) * y / (T(1) - y)), x);
}

}  // namespace actgen

#endif
