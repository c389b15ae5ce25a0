// Numbers that say more than one float: a Pair carries what a rounding has lost, Scaled what lies below the range.
//
// e^(a·b) has as many ulp of error as a·b has beside 1: with the product as a pair there are none. x·e^-x is an ordinary
// number where e^-x is none: as Scaled the factor keeps its digits until the product has been taken.
#ifndef ACTGEN_MATH_PAIRS_H
#define ACTGEN_MATH_PAIRS_H

#include "base.h"
#include "range.h"

namespace actgen {

// A number given as the sum of two of float64.
template <typename T>
ACTGEN_INLINE Pair<T> pair_of(double high, double low) {
  T rounded = T(high);
  return {rounded, T((high - double(rounded)) + low)};
}

template <typename T>
ACTGEN_INLINE Pair<T> operator-(Pair<T> a) {
  return {-a.high, -a.low};
}
template <typename T>
ACTGEN_INLINE Pair<T> abs(Pair<T> a) {
  return {abs(a.high), from_bits(BitsOf<T>(to_bits(a.low) ^ (to_bits(a.high) & SIGN<T>)))};
}
// The low part means nothing where the high one has been replaced.
template <typename T>
ACTGEN_INLINE Pair<T> finite(Pair<T> a) {
  return {finite(a.high), is_infinite(a.high) ? T(0) : a.low};
}

template <typename T>
ACTGEN_INLINE Pair<T> pair_product(T a, T b) {
  return exact_product(a, b);
}
template <typename T>
ACTGEN_INLINE Pair<T> pair_product(Pair<T> a, T b) {
  Pair<T> product = exact_product(a.high, b);
  return {product.high, fma(a.low, b, product.low)};
}
template <typename T>
ACTGEN_INLINE Pair<T> pair_product(T a, Pair<T> b) {
  return pair_product(b, a);
}
template <typename T>
ACTGEN_INLINE Pair<T> pair_product(Pair<T> a, Pair<T> b) {
  Pair<T> product = exact_product(a.high, b.high);
  return {product.high, fma(a.low, b.high, fma(a.high, b.low, product.low))};
}
template <typename T>
ACTGEN_INLINE Pair<T> pair_square(T a) {
  return exact_product(a, a);
}
template <typename T>
ACTGEN_INLINE Pair<T> pair_square(Pair<T> a) {
  return pair_product(a, a);
}

template <typename T>
ACTGEN_INLINE Pair<T> pair_sum(T a, T b) {
  return exact_sum(a, b);
}
template <typename T>
ACTGEN_INLINE Pair<T> pair_sum(Pair<T> a, T b) {
  Pair<T> sum = exact_sum(a.high, b);
  return {sum.high, sum.low + a.low};
}
template <typename T>
ACTGEN_INLINE Pair<T> pair_sum(T a, Pair<T> b) {
  return pair_sum(b, a);
}
template <typename T>
ACTGEN_INLINE Pair<T> pair_sum(Pair<T> a, Pair<T> b) {
  Pair<T> sum = exact_sum(a.high, b.high);
  return {sum.high, sum.low + (a.low + b.low)};
}

template <typename T>
ACTGEN_INLINE Pair<T> pair_quotient(T a, T b) {
  T high = a / b;
  return {high, fma(-high, b, a) / b};
}
template <typename T>
ACTGEN_INLINE Pair<T> pair_quotient(Pair<T> a, T b) {
  T high = a.high / b;
  return {high, (fma(-high, b, a.high) + a.low) / b};
}
template <typename T>
ACTGEN_INLINE Pair<T> pair_quotient(Pair<T> a, Pair<T> b) {
  T high = a.high / b.high;
  return {high, fma(-high, b.low, fma(-high, b.high, a.high) + a.low) / b.high};
}
template <typename T>
ACTGEN_INLINE Pair<T> pair_quotient(T a, Pair<T> b) {
  return pair_quotient(Pair<T>{a, T(0)}, b);
}
// a/b to the last bit or nearly so, for one division; 1/b must be finite.
template <typename T>
ACTGEN_INLINE T divided(T a, Pair<T> b) {
  T inverse = T(1) / b.high, value = a * inverse;
  T lost = fma(-value, b.low, fma(-value, b.high, a));
  return abs(lost) > T(0) ? fma(lost, inverse, value) : value;
}

// The T next to a number of any of these kinds.
template <typename T>
ACTGEN_INLINE T rounded(Pair<T> a) {
  return a.high;
}

// value·root²; the root is a power of two, and the value not far from 1, so that a product with it is in range.
template <typename T>
struct Scaled {
  T value, root;
};
template <typename T>
ACTGEN_INLINE T rounded(Scaled<T> a) {
  return a.value * a.root * a.root;
}
template <typename T>
ACTGEN_INLINE Scaled<T> operator-(Scaled<T> a) {
  return {-a.value, a.root};
}
template <typename T>
ACTGEN_INLINE Scaled<T> operator*(Scaled<T> a, T b) {
  return {a.value * b, a.root};
}
template <typename T>
ACTGEN_INLINE Scaled<T> operator*(T a, Scaled<T> b) {
  return b * a;
}
// The smaller power of two stays apart: mostly one factor alone is out of range.
template <typename T>
ACTGEN_INLINE Scaled<T> operator*(Scaled<T> a, Scaled<T> b) {
  bool first = a.root < b.root;
  T other = first ? b.root : a.root;
  return {a.value * b.value * other * other, first ? a.root : b.root};
}
template <typename T>
ACTGEN_INLINE Scaled<T> operator/(Scaled<T> a, T b) {
  return {a.value / b, a.root};
}
template <typename T>
ACTGEN_INLINE Scaled<T> divided(Scaled<T> a, Pair<T> b) {
  return {divided(a.value, b), a.root};
}
template <typename T>
ACTGEN_INLINE Scaled<T> product_with_sum(Scaled<T> a, T c) {
  return {fma(a.value, rounded(a), c * a.value), a.root};
}
// Only compared with 0.
template <typename T>
ACTGEN_INLINE bool operator==(Scaled<T> a, T b) {
  return a.value == b;
}
template <typename T>
ACTGEN_INLINE bool operator!=(Scaled<T> a, T b) {
  return a.value != b;
}
template <typename T>
ACTGEN_INLINE Scaled<T> either(bool first, Scaled<T> a, Scaled<T> b) {
  return {first ? a.value : b.value, first ? a.root : b.root};
}
template <typename T>
ACTGEN_INLINE Scaled<T> either(bool first, T a, Scaled<T> b) {
  return {first ? a : b.value, first ? T(1) : b.root};
}
template <typename T>
ACTGEN_INLINE Scaled<T> either(bool first, Scaled<T> a, T b) {
  return {first ? a.value : b, first ? a.root : T(1)};
}

// Either kind in a wider format. What an infinity has lost is no number.
template <typename Wide, typename T>
ACTGEN_INLINE Wide widened(Pair<T> a) {
  return Wide(a.high) + (is_infinite(a.high) ? Wide(0) : Wide(a.low));
}
template <typename Wide, typename T>
ACTGEN_INLINE Wide widened(Scaled<T> a) {
  return Wide(a.value) * Wide(a.root) * Wide(a.root);
}

}  // namespace actgen

#endif
