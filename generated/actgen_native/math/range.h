// How far an argument may lie, which says what a function must guard against.
//
// Almost every element of a network is ordinary: no exponential of it is near the ends of the range, no angle is large.
// A block of elements is first computed as if all were, in a variant without guards that notes whether that was true, and
// otherwise once more with them. Both give an ordinary element the same bits.
#ifndef ACTGEN_MATH_RANGE_H
#define ACTGEN_MATH_RANGE_H

#include "base.h"

namespace actgen {

enum Reach {
  NEAR,     // ordinary arguments; `beyond` says whether they were
  GUARDED,  // any but far ones
  FAR,      // any
};

// What is assumed of the arguments in T.
template <typename T, Reach REACH>
struct Range {
  static constexpr Reach reach = REACH;
  BitsOf<T> beyond = 0;  // its first bit is set if one was not NEAR
};

// Whether guards of functions in T are left out.
template <typename T, typename Given>
constexpr bool IS_NEAR = false;
template <typename T>
constexpr bool IS_NEAR<T, Range<T, NEAR>> = true;

// Notes whether |a| is above the limit, or NaN. An ordinary difference of integers; no comparison.
template <typename T>
ACTGEN_INLINE void expect_within(Range<T, NEAR>& range, T a, T limit) {
  range.beyond |= to_bits(limit) - to_bits(abs(a));
}
template <typename T, typename Other, Reach REACH>
ACTGEN_INLINE void expect_within(Range<Other, REACH>&, T, T) {}

// Notes whether a is anything but a positive normal number.
template <typename T>
ACTGEN_INLINE void expect_positive(Range<T, NEAR>& range, T a) {
  BitsOf<T> bits = to_bits(a);
  range.beyond |= bits | (bits - to_bits(Format<T>::SMALLEST_NORMAL)) | (to_bits(Format<T>::LARGEST) - bits);
}

// Notes whether a is tiny, see there.
template <typename T>
ACTGEN_INLINE void expect_digits(Range<T, NEAR>& range, T a) {
  BitsOf<T> size = to_bits(abs(a));
  range.beyond |= (size - to_bits(TINY<T>)) & ~(size - 1);
}
template <typename T, typename Other, Reach REACH>
ACTGEN_INLINE void expect_digits(Range<Other, REACH>&, T) {}

// Whether a is the infinite number `other`.
template <typename T, typename Other, Reach REACH>
ACTGEN_INLINE bool is_the_infinite(Range<Other, REACH>& range, T a, T other) {
  if constexpr (IS_NEAR<T, Range<Other, REACH>>) {
    expect_within(range, a, Format<T>::LARGEST);
    return false;
  } else {
    return a == other;
  }
}

// finite(a), for what is finite unless it is far.
template <typename Number, typename Other, Reach REACH>
ACTGEN_INLINE Number finite_unless_far(Range<Other, REACH>&, Number a) {
  if constexpr (REACH == FAR) a = finite(a);
  return a;
}

}  // namespace actgen

#endif
