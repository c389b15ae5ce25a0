// The error function and its complements.
//
// erfcx(y) = e^(y²)·erfc(y) is smooth: (y + 2)·erfcx(y) is a polynomial in t = (y - 2)/(y + 2) for all y >= 0.8 (after
// M. M. Shepherd and J. G. Laframboise, Math. Comp. 36, 1981, who take 1 + 2y). The quotient is t and the rest of it.
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

// e^(y²)·erfc(y) at y + low, y >= 0.8.
template <typename Given, typename T>
ACTGEN_INLINE T erfcx_positive(Given& range, T y, T low = -T(0)) {
  constexpr T FARTHEST = sizeof(T) == 4 ? T(0x1p30) : T(0x1p60), ROOT = T(0x1.20dd750429b6dp-1);  // 1/√π
  expect_within(range, y, FARTHEST);
  T bounded = IS_NEAR<T, Given> ? y : at_most(y, FARTHEST);
  Pair<T> below = ordered_sum(T(2), bounded);  // exact, for an ulp of the sum is not more than 2 where it matters
  T inverse = T(1) / below.high;
  T lost = fma(-inverse, below.low + low, fma(-inverse, below.high, T(1))) * inverse;
  T t = fma(T(-4), lost, fma(T(-4), inverse, T(1)));
  Pair<T> above = ordered_sum(T(1), erfcx_tail(t));
  Pair<T> product = exact_product(above.high, inverse);
  T value = product.high + fma(above.high, lost, fma(above.low, inverse, product.low));
  return !IS_NEAR<T, Given> && y > FARTHEST ? ROOT / y : value;
}

// erf(y), |y| <= 1.
template <typename T>
ACTGEN_INLINE T erf_inner(T y) {
  return fma(y, erf_tail(y * y), y);
}

// Worst error in ulp: 0.991 in float, all inputs; 0.846 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T erf(Range<F, REACH>& range, T x) {
  T y = abs(x);
  T outer = T(1) - gaussian(range, y) * erfcx_positive(range, y);
  return copysign(y <= T(1) ? erf_inner(at_most(y, T(1))) : outer, x);
}

// 1 - erf(x + low), with its digits where it is too small a number for T; `square` is that of x + low.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE Scaled<T> erfc_scaled(Range<F, REACH>& range, T x, T low, Pair<T> square) {
  constexpr T SMALL = T(0.8);  // below it the difference from 1 is the better one
  T y = abs(x);
  T factor = erfcx_positive(range, y, copysign(T(1), x) * low);
  Scaled<T> tail = exp_scaled(range, -square.high, -square.low, factor);
  T bounded = copysign(at_most(y, SMALL), x);
  T inner = fma(-bounded, erf_tail(bounded * bounded), T(1) - bounded - low);  // where it is small the first is exact
  T outer = x < T(0) ? T(2) - rounded(tail) : inner;
  return either(y <= SMALL || x < T(0), y <= SMALL ? inner : outer, tail);
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE Scaled<T> erfc_scaled(Range<F, REACH>& range, T x) {
  return erfc_scaled(range, x, -T(0), pair_square(x));
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE Scaled<T> erfc_scaled(Range<F, REACH>& range, Pair<T> x) {
  return erfc_scaled(range, x.high, x.low, pair_square(x));
}

// 1 - erf(x), without cancellation.
// Worst error in ulp: 2.561 in float, all inputs; 1.962 in double, a sample.
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
