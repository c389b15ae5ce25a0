// Exponential functions: exp, expm1, and what neural networks make of them.
#ifndef ACTGEN_MATH_EXP_H
#define ACTGEN_MATH_EXP_H

#include "base.h"
#include "log.h"
#include "pairs.h"
#include "polynomials.h"
#include "range.h"

namespace actgen {

// Beyond ±END e^x is infinite or 0, beside any factor. Up to ±ORDINARY it is a normal number. Up to 2^±WHOLE, and so up to
// ±SCALED, it is not taken apart.
template <typename T>
struct ExpRange;
template <>
struct ExpRange<float> {
  static constexpr float END = 218, ORDINARY = 79, WHOLE = 60, SCALED = 41;
};
template <>
struct ExpRange<double> {
  static constexpr double END = 1700, ORDINARY = 690, WHOLE = 600, SCALED = 415;
};

// From here on e^x may leave the range of T before a product with it comes back.
template <typename T>
ACTGEN_INLINE bool is_steep(T exponent) {
  return exponent > T(sizeof(T) == 4 ? 80 : 700);
}
// Notes whether it is, or nearly so: another order of roundings may say so.
template <typename T, typename Given>
ACTGEN_INLINE void expect_not_steep(Given& range, T exponent) {
  expect_within(range, at_least(exponent, T(0)), ExpRange<T>::ORDINARY);
}

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
  return {turns, ordered_sum(r, fma(r * r, exp_tail(r), lost))};
}

// e^(x + low) = first·(1 + rest)·root², where low is what a rounding of x has lost: |low| <= ulp(x). The powers of two
// are apart, for that of e^x may be out of range where a product with it is not.
template <typename T>
struct ExpFactors {
  T rest, root;
  BitsOf<T> first;  // the exponent
};
template <typename Given, typename T>
ACTGEN_INLINE ExpFactors<T> exp_factors(Given& range, T x, T low, T limit = ExpRange<T>::ORDINARY) {
  if constexpr (IS_NEAR<T, Given>) {
    expect_within(range, x, limit);
    ExpParts<T> parts = exp_parts(x, low);
    return {parts.rest.high, T(1), parts.turns.bits};
  } else {
    T bounded = at_least(at_most(x, ExpRange<T>::END), -ExpRange<T>::END);
    ExpParts<T> parts = exp_parts(bounded, bounded == x ? low : -T(0));
    // Between 1 and e^x, the first power makes no product overflow that would not do so without it.
    T turns = parts.turns.value, whole = at_least(at_most(turns, ExpRange<T>::WHOLE), -ExpRange<T>::WHOLE);
    Whole<T> root = nearest_whole(turns - whole, T(0.49));
    return {parts.rest.high, power_of_two<T>(root.bits), parts.turns.bits - root.bits - root.bits};
  }
}

// 2^shift·e^(x + low), |shift| <= 1.
template <typename Given, typename T>
ACTGEN_INLINE T exp_shifted(Given& range, T x, T low, int shift) {
  ExpFactors<T> parts = exp_factors(range, x, low);
  T first = power_of_two<T>(parts.first + BitsOf<T>(shift));
  return fma(first, parts.rest, first) * parts.root * parts.root;
}

// e^x, and e^(x + low).
// Worst error in ulp: 0.844 in float, all inputs; 0.814 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T exp(Range<F, REACH>& range, T x, T low = -T(0)) {
  return exp_shifted(range, x, low, 0);
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T exp(Range<F, REACH>& range, Pair<T> x) {
  return exp(range, x.high, x.low);
}

// factor·e^(x + low), with its digits where e^x is too small or too large a number for T.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE Scaled<T> exp_scaled(Range<F, REACH>& range, T x, T low = -T(0), T factor = T(1)) {
  ExpFactors<T> parts = exp_factors(range, x, low, ExpRange<T>::SCALED);
  T first = power_of_two<T>(parts.first) * factor, value = fma(first, parts.rest, first);
  if constexpr (!IS_NEAR<T, Range<F, REACH>>) {
    value = x < -ExpRange<T>::END ? T(0) : value;
    value = x > ExpRange<T>::END ? infinity<T>() : value;
  }
  return {value, parts.root};
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE Scaled<T> exp_scaled(Range<F, REACH>& range, Pair<T> x) {
  return exp_scaled(range, x.high, x.low);
}

// a with the sign bit of x, which it has but where it is 0.
template <typename T>
ACTGEN_INLINE T signed_as(T a, T x) {
  return from_bits(BitsOf<T>(to_bits(a) | (to_bits(x) & SIGN<T>)));
}

// e^(x + low) - 1, without cancellation.
// Worst error in ulp: 1.389 in float, all inputs; 1.485 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T expm1(Range<F, REACH>& range, T x, T low = -T(0)) {
  ExpFactors<T> parts = exp_factors(range, x, low);
  if constexpr (IS_NEAR<T, Range<F, REACH>>) {
    T scale = power_of_two<T>(parts.first);
    return signed_as(fma(scale, parts.rest, scale - T(1)), x);
  }
  // Half of it, for 2^turns may be one above the largest exponent.
  T half = at_most(power_of_two<T>(parts.first - 1) * parts.root * parts.root, Format<T>::LARGEST);
  T result = T(2) * fma(half, parts.rest, half - T(0.5));
  constexpr T SMALL = sizeof(T) == 4 ? T(0x1p-30) : T(0x1p-60);  // half of a subnormal number would lose a digit
  return abs(x) < SMALL ? signed_as(parts.rest, x) : result;
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T expm1(Range<F, REACH>& range, Pair<T> x) {
  return expm1(range, x.high, x.low);
}

// e^x - 1 for x <= 0, and what its rounding loses.
template <typename T>
ACTGEN_INLINE Pair<T> expm1_pair(T x) {
  constexpr T MINUS_ONE = sizeof(T) == 4 ? T(-20) : T(-40);
  ExpParts<T> parts = exp_parts(at_least(x, MINUS_ONE), -T(0));
  T scale = power_of_two<T>(parts.turns.bits);
  Pair<T> less = ordered_sum(T(-1), scale);
  Pair<T> sum = ordered_sum(less.high, scale * parts.rest.high);
  sum = ordered_sum(sum.high, fma(scale, parts.rest.low, sum.low + less.low));
  bool small = parts.turns.value == T(0);
  return {small ? parts.rest.high : sum.high, small ? parts.rest.low : sum.low};
}

// 1/(1 + e^-x).
// Worst error in ulp: 2.402 in float, all inputs; 1.931 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T sigmoid(Range<F, REACH>& range, T x) {
  T e = exp(range, -abs(x));
  return (x < T(0) ? e : T(1)) / (T(1) + e);
}

// log(1 + e^x), and log(1 + e^(x + low)).
// Worst error in ulp: 1.653 in float, all inputs; 1.501 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T softplus(Range<F, REACH>& range, T x) {
  return at_least(x, T(0)) + log1p_inside(exp(range, -abs(x)));
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T softplus(Range<F, REACH>& range, Pair<T> x) {
  bool keeps = x.high > T(0) && !is_the_infinite(range, x.high, infinity<T>());
  return at_least(x.high, T(0)) + (log1p_inside(exp(range, -abs(x))) + (keeps ? x.low : T(0)));
}

// log(1/(1 + e^-x)).
// Worst error in ulp: 1.653 in float, all inputs; 1.575 in double, a sample.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T logsigmoid(Range<F, REACH>& range, T x) {
  return -softplus(range, -x);
}
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE T logsigmoid(Range<F, REACH>& range, Pair<T> x) {
  return -softplus(range, -x);
}

// log(e^a + e^b), without overflow.
template <typename T>
ACTGEN_INLINE T logaddexp(T a, T b) {
  Range<T, GUARDED> range;
  T larger = a < b ? b : a, distance = a == b ? T(0) : abs(a - b);
  return a != a ? a : larger + log1p_inside(exp(range, -distance));
}

}  // namespace actgen

#endif
