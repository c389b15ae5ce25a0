// The error function and its complements.
//
// erfcx(y) = e^(y²)·erfc(y) is smooth: (1 + 2y)·erfcx(y) is a polynomial in t = (y - 2)/(y + 2) for all y >= 0 (the
// transformation of M. M. Shepherd and J. G. Laframboise, Math. Comp. 36, 1981).
#ifndef ACTGEN_MATH_ERF_H
#define ACTGEN_MATH_ERF_H

#include "base.h"
#include "exp.h"
#include "pairs.h"
#include "polynomials.h"

namespace actgen {

// e^-(y²), without losing what the square rounds off.
template <typename Given, typename T>
ACTGEN_INLINE T gaussian(Given& range, T y) {
  return exp(range, -pair_square(y));
}

// e^(y²)·erfc(y), y >= 0.
template <typename Given, typename T>
ACTGEN_INLINE T erfcx_positive(Given& range, T y) {
  constexpr T FARTHEST = sizeof(T) == 4 ? T(0x1p30) : T(0x1p60), ROOT = T(0x1.20dd750429b6dp-1);  // 1/√π
  expect_within(range, y, FARTHEST);
  T bounded = IS_NEAR<T, Given> ? y : at_most(y, FARTHEST);
  T t = (bounded - T(2)) / (bounded + T(2));
  T value = quotient(ordered_sum(T(1), erfcx_tail(t)), exact_sum(T(2) * bounded, T(1)));
  return !IS_NEAR<T, Given> && y > FARTHEST ? ROOT / y : value;
}

// erf(y), |y| <= 1.
template <typename T>
ACTGEN_INLINE T erf_inner(T y) {
  return fma(y, erf_tail(y * y), y);
}

// Worst error in ulp: 0.991 in float, all inputs; 0.915 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T erf(Range<F, REACH>& range, T x) {
  T y = abs(x);
  T outer = T(1) - gaussian(range, y) * erfcx_positive(range, y);
  return copysign(y <= T(1) ? erf_inner(at_most(y, T(1))) : outer, x);
}

// 1 - erf(x), with its digits where it is too small a number for T; `square` is x².
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE Scaled<T> erfc_scaled(Range<F, REACH>& range, T x, Pair<T> square) {
  constexpr T SMALL = T(0.5);
  T y = abs(x);
  Scaled<T> tail = exp_scaled(range, -square) * erfcx_positive(range, y);
  T inner = T(1) - copysign(erf_inner(at_most(y, SMALL)), x);
  T outer = x < T(0) ? T(2) - rounded(tail) : inner;
  return either(y <= SMALL || x < T(0), y <= SMALL ? inner : outer, tail);
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE Scaled<T> erfc_scaled(Range<F, REACH>& range, T x) {
  return erfc_scaled(range, x, pair_square(x));
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE Scaled<T> erfc_scaled(Range<F, REACH>& range, Pair<T> x) {
  return erfc_scaled(range, x.high, pair_square(x));
}

// 1 - erf(x), without cancellation.
// Worst error in ulp: 2.546 in float, all inputs; 2.101 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T erfc(Range<F, REACH>& range, T x) {
  return rounded(erfc_scaled(range, x));
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T erfc(Range<F, REACH>& range, Pair<T> x) {
  return rounded(erfc_scaled(range, x));
}

}  // namespace actgen

#endif
