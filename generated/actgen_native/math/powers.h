// Powers and roots.
#ifndef ACTGEN_MATH_POWERS_H
#define ACTGEN_MATH_POWERS_H

#include "base.h"
#include "exp.h"
#include "log.h"

namespace actgen {

// ln 2 in two parts, the first with so few bits that its product with any exponent is exact.
template <typename T>
struct CoarseLn2;
template <>
struct CoarseLn2<float> {
  static constexpr float HIGH = 0x1.62ep-1f, LOW = 0x1.0bfbe8p-15f;
};
template <>
struct CoarseLn2<double> {
  static constexpr double HIGH = 0x1.62e42fefap-1, LOW = 0x1.cf79abc9e3b3ap-40;
};

// log(x) to some eight bits more than T has, for positive finite x.
template <typename T>
ACTGEN_INLINE Pair<T> log_pair(T x) {
  auto [exponent, f] = log_parts(x);
  Pair<T> sum = ordered_sum(T(2), f);
  T s = f / sum.high;
  T lost = (fma(-s, sum.high, f) - s * sum.low) / sum.high;
  T z = s * s;
  T rest = fma(T(2), lost, fma(s * z, log_tail(z), exponent * CoarseLn2<T>::LOW));
  Pair<T> head = ordered_sum(exponent * CoarseLn2<T>::HIGH, T(2) * s);
  return ordered_sum(head.high, head.low + rest);
}

// size^y, for size at least 0 and y other than 0.
template <typename T>
ACTGEN_INLINE T power_of_size(T size, T y) {
  Pair<T> logarithm = log_pair(at_most(size, Format<T>::LARGEST));
  T log = size > Format<T>::LARGEST ? size : size == T(0) ? -infinity<T>() : logarithm.high;
  T bounded = at_least(at_most(y, Format<T>::LARGEST), -Format<T>::LARGEST);
  T high = log * bounded;
  T low = fma(logarithm.low, bounded, fma(log, bounded, -high));
  Range<T, GUARDED> range;
  return exp(range, high, low);
}

// x^y as IEEE 754 has it; NaN for a negative base and an exponent that is no integer.
template <typename T>
ACTGEN_INLINE T pow(T x, T y) {
  constexpr T WHOLE_FROM = T(BitsOf<T>(1) << Format<T>::FRACTION), EVEN_FROM = T(2) * WHOLE_FROM;
  T size = abs(x), exponent = at_most(abs(y), EVEN_FROM), half = T(0.5) * exponent;
  T floor = exponent < WHOLE_FROM ? exponent + WHOLE_FROM - WHOLE_FROM : exponent;
  T half_floor = exponent < EVEN_FROM ? half + WHOLE_FROM - WHOLE_FROM : half;
  // What the sign of a negative base makes of the result: nothing, its sign, or NaN.
  T negative = half_floor == half ? T(1) : floor == exponent ? T(-1) : not_a_number<T>();
  T edge = negative == T(-1) ? T(-1) : T(1);
  bool inside = size > T(0) && size <= Format<T>::LARGEST;
  T sign = copysign(T(1), x) > T(0) ? T(1) : inside ? negative : edge;
  T result = power_of_size(size, y) * sign;
  result = size == T(1) && abs(y) > Format<T>::LARGEST ? T(1) : result;
  result = x != x || y != y ? not_a_number<T>() : result;
  return y == T(0) || x == T(1) ? T(1) : result;
}

// One step of third order towards m^(-1/3).
template <typename T>
ACTGEN_INLINE T nearer_inverse_cbrt(T m, T r) {
  T error = fma(-m * r, r * r, T(1));
  return fma(r * error, fma(error, T(2) / T(9), T(1) / T(3)), r);
}

// The real cube root.
// Worst error in ulp: 0.502 in float, all inputs; 0.500 in double, a sample.
template <typename T>
ACTGEN_INLINE T cbrt(T x) {
  constexpr T LIFT = T(0x1p54), ROOT_OF_LIFT = T(0x1p18);
  T size = abs(x);
  bool tiny = size < Format<T>::SMALLEST_NORMAL;
  T normal = tiny ? size * LIFT : size;
  Whole<T> exponent = log_exponent(normal);
  Whole<T> third = nearest_whole(exponent.value, T(1) / T(3));
  // m = normal/8^third is in [√½/2, 2√2).
  BitsOf<T> twice = third.bits + third.bits;
  T m = normal * power_of_two<T>(-twice) * power_of_two<T>(-third.bits);
  T r = nearer_inverse_cbrt(m, inverse_cbrt_start(m));
  r = sizeof(T) == 4 ? r : nearer_inverse_cbrt(m, r);
  T y = m * r * r;
  Pair<T> square = exact_product(y, y);
  T excess = fma(square.high, y, -m) + square.low * y;
  y = fma(excess * r * r, T(-1) / T(3), y);
  T result = y * power_of_two<T>(third.bits) / (tiny ? ROOT_OF_LIFT : T(1));
  return size == T(0) || !(size <= Format<T>::LARGEST) ? x : copysign(result, x);
}

// √(x² + y²), without overflow or underflow on the way.
template <typename T>
ACTGEN_INLINE T hypot(T x, T y) {
  T a = abs(x), b = abs(y);
  T large = a < b ? b : a, small = a < b ? a : b;
  constexpr T BIG = sizeof(T) == 4 ? T(0x1p60) : T(0x1p500);
  T scale = large > BIG ? T(1) / BIG / T(16) : large < T(1) / BIG ? BIG : T(1);
  T p = large * scale, q = small * scale;
  Pair<T> square = exact_product(p, p);
  T sum = square.high + q * q;
  T root = sqrt(sum);
  // One step of Newton's method, with what the squares and their sum have lost.
  T lost = square.high - sum + fma(q, q, square.low);
  root = sum > T(0) ? root + (lost + fma(-root, root, sum)) / (root + root) : root;
  T result = root / scale;
  result = x != x || y != y ? not_a_number<T>() : result;
  return a == infinity<T>() || b == infinity<T>() ? infinity<T>() : result;
}

}  // namespace actgen

#endif
