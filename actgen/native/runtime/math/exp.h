// Exponential functions: exp, expm1, and what neural networks make of them.
#ifndef ACTGEN_MATH_EXP_H
#define ACTGEN_MATH_EXP_H

#include "base.h"
#include "log.h"
#include "polynomials.h"

namespace actgen {

// Beyond these, e^x is 0, or infinite even if halved; e^x - 1 is -1, or infinite.
template <typename T>
struct ExpRange;
template <>
struct ExpRange<float> {
  static constexpr float ZERO = -104.0f, INFINITE = 90.0f, MINUS_ONE = -20.0f, INFINITE_LESS_ONE = 89.0f;
};
template <>
struct ExpRange<double> {
  static constexpr double ZERO = -746.0, INFINITE = 711.0, MINUS_ONE = -40.0, INFINITE_LESS_ONE = 710.0;
};

// x + low = turns·ln 2 + r, and e^r - 1, which is about r.
template <typename T>
struct ExpParts {
  Whole<T> turns;
  Pair<T> rest;
};
template <typename T>
ACTGEN_INLINE ExpParts<T> exp_parts(T x, T low) {
  Whole<T> turns = nearest_whole(x, Format<T>::LOG2E);
  T near = fma(turns.value, -Format<T>::LN2, x);
  T r = fma(turns.value, -Format<T>::LN2_LOW, near) + low;
  T lost = fma(turns.value, -Format<T>::LN2_LOW, near - r) + low;
  Pair<T> rest = ordered_sum(r, r * r * exp_tail(r));
  return {turns, {rest.high, rest.low + lost}};
}

// 2^shift·e^(x + low), |shift| <= 1, where low is what a rounding of x has lost: |low| <= ulp(x).
template <typename T>
ACTGEN_INLINE T exp_shifted(T x, T low, int shift) {
  ExpParts<T> parts = exp_parts(at_least(at_most(x, ExpRange<T>::INFINITE), ExpRange<T>::ZERO), low);
  // In two steps: the exponent may be that of a subnormal number, or one above the largest.
  Whole<T> half = nearest_whole(parts.turns.value, T(0.5));
  T scale = power_of_two<T>(half.bits);
  return fma(scale, parts.rest.high, scale) * power_of_two<T>(parts.turns.bits - half.bits + BitsOf<T>(shift));
}

// e^x, and e^(x + low).
// Worst error in ulp: 0.952 in float, all inputs; 0.890 in double, a sample.
template <typename T>
ACTGEN_INLINE T exp(T x, T low = -T(0)) {
  return exp_shifted(x, low, 0);
}

// e^x - 1, without cancellation, and what its rounding loses.
template <typename T>
ACTGEN_INLINE Pair<T> expm1_pair(T x) {
  T bounded = at_least(at_most(x, ExpRange<T>::INFINITE_LESS_ONE), ExpRange<T>::MINUS_ONE);
  ExpParts<T> parts = exp_parts(bounded, -T(0));
  // Half of the result, since 2^turns may be one above the largest exponent.
  T scale = power_of_two<T>(parts.turns.bits - 1);
  Pair<T> less_half = ordered_sum(T(-0.5), scale);
  Pair<T> sum = ordered_sum(less_half.high, scale * parts.rest.high);
  sum = ordered_sum(sum.high, fma(scale, parts.rest.low, sum.low + less_half.low));
  bool small = parts.turns.value == T(0);
  return {small ? parts.rest.high : T(2) * sum.high, small ? parts.rest.low : T(2) * sum.low};
}
// Worst error in ulp: 1.028 in float, all inputs; 1.014 in double, a sample.
template <typename T>
ACTGEN_INLINE T expm1(T x) {
  return x == T(0) ? x : expm1_pair(x).high;
}

// 1/(1 + e^-x).
// Worst error in ulp: 2.402 in float, all inputs; 1.928 in double, a sample.
template <typename T>
ACTGEN_INLINE T sigmoid(T x) {
  T e = exp(-abs(x));
  return (x < T(0) ? e : T(1)) / (T(1) + e);
}

// log(1 + e^x).
// Worst error in ulp: 1.687 in float, all inputs; 1.536 in double, a sample.
template <typename T>
ACTGEN_INLINE T softplus(T x) {
  return at_least(x, T(0)) + log1p(exp(-abs(x)));
}

// log(1/(1 + e^-x)).
// Worst error in ulp: 1.687 in float, all inputs; 1.582 in double, a sample.
template <typename T>
ACTGEN_INLINE T logsigmoid(T x) {
  return -softplus(-x);
}

// log(e^a + e^b), without overflow.
template <typename T>
ACTGEN_INLINE T logaddexp(T a, T b) {
  T larger = a < b ? b : a, distance = a == b ? T(0) : abs(a - b);
  return a != a ? a : larger + log1p(exp(-distance));
}

}  // namespace actgen

#endif
