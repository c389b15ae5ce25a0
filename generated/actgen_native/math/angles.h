// Angles reduced to [-π/4, π/4] and a number of quarter turns.
//
// Up to LIMIT by the method of Cody and Waite, π/2 in three parts; fma makes the first step exact. Beyond it by that of
// Payne and Hanek, with as many bits of 2/π as the exponent needs: a loop that cannot be vectorised, and is left out
// unless an argument may be FAR.
#ifndef ACTGEN_MATH_ANGLES_H
#define ACTGEN_MATH_ANGLES_H

#include "base.h"
#include "range.h"

namespace actgen {

template <typename T>
struct Turn;
template <>
struct Turn<float> {
  static constexpr float LIMIT = 0x1p16f, PER_RADIAN = 0x1.45f306p-1f;
  static constexpr float QUARTER = 0x1.921fb6p0f, QUARTER_LOW = -0x1.777a5cp-25f, QUARTER_LOWEST = -0x1.ee59dap-50f;
  static constexpr float PI = 0x1.921fb6p1f, PI_LOW = -0x1.777a5cp-24f;
};
template <>
struct Turn<double> {
  static constexpr double LIMIT = 0x1p20, PER_RADIAN = 0x1.45f306dc9c883p-1;
  static constexpr double QUARTER = 0x1.921fb54442d18p0, QUARTER_LOW = 0x1.1a62633145c07p-54;
  static constexpr double QUARTER_LOWEST = -0x1.f1976b7ed8fbcp-110;
  static constexpr double PI = 0x1.921fb54442d18p1, PI_LOW = 0x1.1a62633145c07p-53;
};

template <typename T>
ACTGEN_INLINE bool is_far(T angle) {
  return abs(angle) > Turn<T>::LIMIT;
}
// Notes whether it is, or nearly so: another order of roundings may say so.
template <typename T, typename Given>
ACTGEN_INLINE void expect_not_far(Given& range, T angle) {
  expect_within(range, angle, T(0.99) * Turn<T>::LIMIT);
}

// rest + low radians and `quarters` quarter turns, modulo 4; |low| is below an ulp of rest.
template <typename T>
struct Angle {
  T rest, low;
  BitsOf<T> quarters;
};

template <typename T>
ACTGEN_INLINE Angle<T> near_angle(T x, T low) {
  Whole<T> quarters = nearest_whole(x, Turn<T>::PER_RADIAN);
  // The first step is exact, and so is the second where its result is small.
  T rest = fma(quarters.value, -Turn<T>::QUARTER, x);
  rest = fma(quarters.value, -Turn<T>::QUARTER_LOW, rest);
  Pair<T> sum = ordered_sum(rest, fma(quarters.value, -Turn<T>::QUARTER_LOWEST, low));
  return {sum.high, sum.low, quarters.bits};
}

// A number of quarter turns modulo 4, as a binary fraction of 128 bits and two bits before it.
struct Fraction {
  unsigned long long high, low;
  unsigned int whole;
};

// x·2/π of a finite x, |x| >= 2^-10.
ACTGEN_SLOW Fraction quarter_turns(double x) {
  constexpr unsigned int TWO_OVER_PI[] = {
      0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu, 0xdebbc561u,
      0xb7246e3au, 0x424dd2e0u, 0x06492eeau, 0x09d1921cu, 0xfe1deb1cu, 0xb129a73eu, 0xe88235f5u, 0x2ebb4484u,
      0xe99c7026u, 0xb45f7e41u, 0x3991d639u, 0x835339f4u, 0x9c845f8bu, 0xbdf9283bu, 0x1ff897ffu, 0xde05980fu,
      0xef2f118bu, 0x5a0a6d1fu, 0x6d367ecfu, 0x27cb09b7u, 0x4f463f66u, 0x9e5fea2du, 0x7527bac7u, 0xebe5f17bu,
      0x3d0739f7u, 0x8a5292eau, 0x6bfb5fb1u, 0x1f8d5d08u, 0x56033046u, 0xfc7b6babu, 0xf0cfbc20u, 0x9af4361du,
  };
  unsigned long long bits = to_bits(x);
  int exponent = int(bits >> 52 & 2047) - 1075;
  unsigned long long mantissa = (bits & 0xfffffffffffffull) | 0x10000000000000ull;
  int first = exponent < 2 ? 0 : (exponent - 2) / 32;
  // mantissa·(six words of 2/π from `first` on), in eight limbs, the lowest first.
  unsigned int limbs[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  for (int part = 0; part < 2; ++part) {
    unsigned long long factor = part ? mantissa >> 32 : mantissa & 0xffffffffu, carry = 0;
    for (int word = 0; word < 6; ++word) {
      unsigned long long sum = factor * TWO_OVER_PI[first + 5 - word] + limbs[part + word] + carry;
      limbs[part + word] = (unsigned int)sum;
      carry = sum >> 32;
    }
    limbs[part + 6] = (unsigned int)carry;
  }
  int point = 192 - (exponent - 32 * first);  // so many bits of the product are below the binary point
  unsigned long long window[3];
  for (int part = 0; part < 3; ++part) {
    int at = point - 128 + 64 * part, limb = at / 32, shift = at % 32;
    unsigned long long lower = limbs[limb] | (unsigned long long)(limb < 7 ? limbs[limb + 1] : 0) << 32;
    unsigned long long upper = limb < 6 ? limbs[limb + 2] : 0;
    window[part] = shift ? lower >> shift | upper << (64 - shift) : lower;
  }
  Fraction turns = {window[1], window[0], (unsigned int)window[2] & 3};
  if (bits >> 63) {
    turns.low = 0 - turns.low;
    turns.high = ~turns.high + (turns.low == 0);
    turns.whole = (~turns.whole + (turns.low == 0 && turns.high == 0)) & 3;
  }
  return turns;
}

ACTGEN_SLOW Angle<double> far_angle(double x) {
  Fraction turns = quarter_turns(x);
  bool negative = turns.high >> 63;
  turns.whole += negative;
  if (negative) {
    turns.low = 0 - turns.low;
    turns.high = ~turns.high + (turns.low == 0);
  }
  // The 53 leading bits, and the 53 after them.
  double scale = negative ? -0x1p-64 : 0x1p-64;
  while (!(turns.high >> 63) && (turns.high | turns.low)) {
    turns.high = turns.high << 1 | turns.low >> 63;
    turns.low <<= 1;
    scale *= 0.5;
  }
  double high = double(turns.high & ~0x7ffull) * scale;
  double rest = double((turns.high & 0x7ff) << 42 | turns.low >> 22) * (scale * 0x1p-42);
  Pair<double> product = exact_product(high, Turn<double>::QUARTER);
  double lost = fma(rest, Turn<double>::QUARTER, fma(high, Turn<double>::QUARTER_LOW, product.low));
  Pair<double> sum = ordered_sum(product.high, lost);
  return {sum.high, sum.low, turns.whole};
}

// x + low radians, |low| at most half an ulp of x; of a large double it is left out.
template <typename F, Reach REACH, typename T>
ACTGEN_INLINE Angle<T> reduced(Range<F, REACH>& range, T x, T low) {
  expect_not_far(range, x);
  Angle<T> angle = near_angle(x, low);
  if constexpr (REACH == FAR) {
    if (abs(x) > Turn<T>::LIMIT && abs(x) <= Format<T>::LARGEST) {
      Angle<double> far = far_angle(double(x) + double(low));
      T rest = T(far.rest);
      angle = {rest, T(far.rest - double(rest) + far.low), BitsOf<T>(far.quarters)};
    }
  }
  return angle;
}

// πx, exactly up to the last step.
template <typename T>
ACTGEN_INLINE Angle<T> half_turns(T x) {
  constexpr T BLOCK = sizeof(T) == 4 ? T(0x1p12) : T(0x1p26), EVEN = sizeof(T) == 4 ? T(0x1p30) : T(0x1p70);
  T inner = fma(nearest_whole(x, T(1) / BLOCK).value, -BLOCK, x);
  inner = abs(x) < EVEN ? inner : x * T(0);
  Whole<T> quarters = nearest_whole(inner, T(2));
  T turn = fma(quarters.value, T(-0.5), inner);
  Pair<T> product = exact_product(turn, Turn<T>::PI);
  return {product.high, fma(turn, Turn<T>::PI_LOW, product.low), quarters.bits};
}

}  // namespace actgen

#endif
