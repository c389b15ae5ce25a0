// Logarithms. The reduction and log(1 + f) = f - f²/2 + s(f²/2 + R(s²)), s = f/(2 + f), are those of FDLIBM's log.
#ifndef ACTGEN_MATH_LOG_H
#define ACTGEN_MATH_LOG_H

#include "base.h"
#include "polynomials.h"
#include "range.h"

namespace actgen {

// x = 2^exponent·m with m in [√½, √2): x positive and normal. The exponent is whole.
template <typename T>
ACTGEN_INLINE Whole<T> log_exponent(T x) {
  constexpr BitsOf<T> ROOT = sizeof(T) == 4 ? BitsOf<T>(0x3f3504f3u) : BitsOf<T>(0x3fe6a09e667f3bcdull);
  constexpr BitsOf<T> BIAS = Format<T>::BIAS;
  BitsOf<T> biased = (to_bits(x) - ROOT + (BIAS << Format<T>::FRACTION)) >> Format<T>::FRACTION;
  // An integer below the fraction of SHIFTER counts in units of 1: a conversion that every vector unit has.
  return {from_bits(BitsOf<T>(to_bits(Format<T>::SHIFTER) + biased)) - (Format<T>::SHIFTER + T(BIAS)), biased - BIAS};
}

// The m above.
template <typename T>
ACTGEN_INLINE T without_exponent(T x, Whole<T> exponent) {
  return from_bits(BitsOf<T>(to_bits(x) - (exponent.bits << Format<T>::FRACTION)));
}

// x = 2^exponent·(1 + f), x positive and finite, also subnormal.
template <typename T>
struct LogParts {
  T exponent, f;
};
template <typename T>
ACTGEN_INLINE LogParts<T> log_parts(T x) {
  constexpr T LIFT = T(BitsOf<T>(1) << Format<T>::FRACTION);
  bool tiny = x < Format<T>::SMALLEST_NORMAL;
  T normal = tiny ? x * LIFT : x;
  Whole<T> exponent = log_exponent(normal);
  T total = exponent.value - (tiny ? T(Format<T>::FRACTION) : T(0));
  return {total, without_exponent(normal, exponent) - T(1)};
}

// exponent·ln 2 + log(1 + f), f in [√½ - 1, √2 - 1].
template <typename T>
ACTGEN_INLINE T log_sum(T exponent, T f) {
  T s = f / (T(2) + f);
  T z = s * s;
  T half = T(0.5) * f * f;
  T rest = fma(s, fma(z, log_tail(z), half), exponent * Format<T>::LN2_LOW);
  return fma(exponent, Format<T>::LN2, f - (half - rest));
}

// log(0) is -inf, the logarithm of a negative number NaN.
template <typename T>
ACTGEN_INLINE T log_special(T x, T result) {
  result = x == infinity<T>() ? x : result;
  result = x == T(0) ? -infinity<T>() : result;
  return x < T(0) || x != x ? not_a_number<T>() : result;
}

// The natural logarithm.
// Worst error in ulp: 0.828 in float, all inputs; 0.742 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T log(Range<F, REACH>& range, T x) {
  if constexpr (IS_NEAR<T, Range<F, REACH>>) {
    expect_positive(range, x);
    Whole<T> exponent = log_exponent(x);
    return log_sum(exponent.value, without_exponent(x, exponent) - T(1));
  }
  LogParts<T> parts = log_parts(x);
  return log_special(x, log_sum(parts.exponent, parts.f));
}

// The binary logarithm, exact where it is an integer.
// Worst error in ulp: 1.621 in float, all inputs; 1.380 in double, a sample.
template <typename T>
ACTGEN_INLINE T log2(T x) {
  LogParts<T> parts = log_parts(x);
  T inner = log_sum(T(0), parts.f);
  return log_special(x, fma(inner, Format<T>::LOG2E, fma(inner, Format<T>::LOG2E_LOW, parts.exponent)));
}

// log(1 + x) for x > -1, not infinite; of -0 it is 0.
template <typename T>
ACTGEN_INLINE T log1p_inside(T x) {
  Whole<T> exponent = log_exponent(T(1) + x);
  // 1 + x = 2^exponent·(1 + f): f without rounding 1 + x first. Times 4, for 2^-exponent may be subnormal.
  T scale = power_of_two<T>(BitsOf<T>(2) - exponent.bits);
  return log_sum(exponent.value, T(0.25) * fma(x, scale, scale - T(4)));
}

// log(1 + x), without cancellation.
// Worst error in ulp: 1.387 in float, all inputs; 1.313 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T log1p(Range<F, REACH>& range, T x) {
  if constexpr (IS_NEAR<T, Range<F, REACH>>) {
    expect_positive(range, T(1) + x);
    return x == T(0) ? x : log1p_inside(x);
  }
  T result = log1p_inside(at_most(x, Format<T>::LARGEST));
  result = x == infinity<T>() ? x : result;
  result = x == T(-1) ? -infinity<T>() : result;
  result = x == T(0) ? x : result;
  return x < T(-1) || x != x ? not_a_number<T>() : result;
}

}  // namespace actgen

#endif
