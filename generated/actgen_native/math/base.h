// What the other headers are written in: formats, bits, fused multiply-add, polynomials.
//
// Nothing here calls a library or includes a header, so the same text compiles for a CPU and, by NVRTC, for a GPU. Every
// operation is +, -, *, /, fma or sqrt of IEEE 754 in a fixed order, or works on bits: the results have the same bits
// everywhere, if the compiler contracts nothing (-ffp-contract=off, --fmad=false) and reorders nothing.
// Choices are selects, never branches, so that a loop over any of these functions becomes vector instructions.
#ifndef ACTGEN_MATH_BASE_H
#define ACTGEN_MATH_BASE_H

#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
#define ACTGEN_INLINE static __device__ __forceinline__
#define ACTGEN_SLOW static __device__ __noinline__
#else
#define ACTGEN_INLINE static inline __attribute__((always_inline))
#define ACTGEN_SLOW static __attribute__((noinline, unused))
#endif

namespace actgen {

#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
ACTGEN_INLINE float fma(float a, float b, float c) { return __fmaf_rn(a, b, c); }
ACTGEN_INLINE double fma(double a, double b, double c) { return __fma_rn(a, b, c); }
ACTGEN_INLINE float sqrt(float a) { return __fsqrt_rn(a); }
ACTGEN_INLINE double sqrt(double a) { return __dsqrt_rn(a); }
#else
ACTGEN_INLINE float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
ACTGEN_INLINE double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
ACTGEN_INLINE float sqrt(float a) { return __builtin_sqrtf(a); }
ACTGEN_INLINE double sqrt(double a) { return __builtin_sqrt(a); }
#endif

// c - a·b, rounded once.
template <typename T>
ACTGEN_INLINE T fnma(T a, T b, T c) {
  return fma(-a, b, c);
}

// a·(a + c), rounded once; c is a power of two.
template <typename T>
ACTGEN_INLINE T product_with_sum(T a, T c) {
  return fma(a, a, c * a);
}

ACTGEN_INLINE unsigned int to_bits(float a) {
  unsigned int bits;
  __builtin_memcpy(&bits, &a, sizeof a);
  return bits;
}
ACTGEN_INLINE unsigned long long to_bits(double a) {
  unsigned long long bits;
  __builtin_memcpy(&bits, &a, sizeof a);
  return bits;
}
ACTGEN_INLINE float from_bits(unsigned int bits) {
  float a;
  __builtin_memcpy(&a, &bits, sizeof a);
  return a;
}
ACTGEN_INLINE double from_bits(unsigned long long bits) {
  double a;
  __builtin_memcpy(&a, &bits, sizeof a);
  return a;
}

// A binary format of IEEE 754.
template <typename T>
struct Format;

template <>
struct Format<float> {
  using Bits = unsigned int;
  static constexpr int FRACTION = 23;                    // bits of the fraction
  static constexpr Bits BIAS = 127;                      // of the exponent
  static constexpr float SHIFTER = 0x1.8p23f;            // a + SHIFTER - SHIFTER is a rounded to an integer, |a| < 2^22
  static constexpr float SMALLEST_NORMAL = 0x1p-126f;
  static constexpr float LARGEST = 0x1.fffffep127f;
  static constexpr float LN2 = 0x1.62e430p-1f, LN2_LOW = -0x1.05c610p-29f;
  static constexpr float LOG2E = 0x1.715476p0f, LOG2E_LOW = 0x1.4ae0cp-26f;
};

template <>
struct Format<double> {
  using Bits = unsigned long long;
  static constexpr int FRACTION = 52;
  static constexpr Bits BIAS = 1023;
  static constexpr double SHIFTER = 0x1.8p52;
  static constexpr double SMALLEST_NORMAL = 0x1p-1022;
  static constexpr double LARGEST = 0x1.fffffffffffffp1023;
  static constexpr double LN2 = 0x1.62e42fefa39efp-1, LN2_LOW = 0x1.abc9e3b39803fp-56;
  static constexpr double LOG2E = 0x1.71547652b82fep0, LOG2E_LOW = 0x1.777d0ffda0d24p-56;
};

template <typename T>
using BitsOf = typename Format<T>::Bits;

template <typename T>
ACTGEN_INLINE T infinity() {
  return from_bits(BitsOf<T>(2 * Format<T>::BIAS + 1) << Format<T>::FRACTION);
}
template <typename T>
ACTGEN_INLINE T not_a_number() {
  return from_bits((BitsOf<T>(4 * Format<T>::BIAS + 3)) << (Format<T>::FRACTION - 1));
}
template <typename T>
constexpr BitsOf<T> SIGN = BitsOf<T>(1) << (8 * sizeof(T) - 1);

template <typename T>
ACTGEN_INLINE T abs(T a) {
  return from_bits(BitsOf<T>(to_bits(a) & ~SIGN<T>));
}
// |a| with the sign of s.
template <typename T>
ACTGEN_INLINE T copysign(T a, T s) {
  return from_bits(BitsOf<T>((to_bits(a) & ~SIGN<T>) | (to_bits(s) & SIGN<T>)));
}
// The smaller and the larger; a, which may be NaN, wins a comparison that fails.
template <typename T>
ACTGEN_INLINE T at_most(T a, T bound) {
  return a > bound ? bound : a;
}
template <typename T>
ACTGEN_INLINE T at_least(T a, T bound) {
  return a < bound ? bound : a;
}

// NaN if either is NaN, unlike those.
template <typename T>
ACTGEN_INLINE T smaller(T a, T b) {
  return a != a ? a : b < a || b != b ? b : a;
}
template <typename T>
ACTGEN_INLINE T larger(T a, T b) {
  return a != a ? a : b > a || b != b ? b : a;
}

template <typename T>
ACTGEN_INLINE bool is_nan(T a) {
  return a != a;
}
template <typename T>
ACTGEN_INLINE bool is_infinite(T a) {
  return abs(a) > Format<T>::LARGEST;
}
// Products with smaller numbers have few digits.
template <typename T>
constexpr T TINY = Format<T>::SMALLEST_NORMAL * T(1 << 26);
template <typename T>
ACTGEN_INLINE bool is_tiny(T a) {
  return abs(a) < TINY<T> && a != T(0);
}
// a with the largest finite number for infinity; NaN stays.
template <typename T>
ACTGEN_INLINE T finite(T a) {
  return at_least(at_most(a, Format<T>::LARGEST), -Format<T>::LARGEST);
}
// -1, 0 or 1; NaN for NaN.
template <typename T>
ACTGEN_INLINE T sign(T a) {
  return a == T(0) || a != a ? a : copysign(T(1), a);
}
// a to an integer power, by multiplication.
template <int N, typename T>
ACTGEN_INLINE T power(T a) {
  if constexpr (N < 0) {
    return T(1) / power<-N>(a);
  } else if constexpr (N == 0) {
    return T(1);
  } else if constexpr (N % 2 == 1) {
    return N == 1 ? a : a * power<N - 1>(a);
  } else {
    T half = power<N / 2>(a);
    return half * half;
  }
}

// 2^n for n given as bits, modulo a word; n must be the exponent of a normal number.
template <typename T>
ACTGEN_INLINE T power_of_two(BitsOf<T> n) {
  return from_bits(BitsOf<T>((n + Format<T>::BIAS) << Format<T>::FRACTION));
}

// An integer as a float and as bits, modulo a word.
template <typename T>
struct Whole {
  T value;
  BitsOf<T> bits;
};
// a·b rounded to an integer, ties to even; |a·b| < 2^22 (float), 2^51 (double).
template <typename T>
ACTGEN_INLINE Whole<T> nearest_whole(T a, T b) {
  T shifted = fma(a, b, Format<T>::SHIFTER);
  return {shifted - Format<T>::SHIFTER, to_bits(shifted) - to_bits(Format<T>::SHIFTER)};
}

// A number as the sum of two: `high` is the sum rounded.
template <typename T>
struct Pair {
  T high, low;
};
// a·b, exactly, where nothing underflows.
template <typename T>
ACTGEN_INLINE Pair<T> exact_product(T a, T b) {
  T high = a * b;
  return {high, fma(a, b, -high)};
}
// a + b, exactly, where |a| >= |b| or a is 0.
template <typename T>
ACTGEN_INLINE Pair<T> ordered_sum(T a, T b) {
  T high = a + b;
  return {high, b - (high - a)};
}
// a + b, exactly.
template <typename T>
ACTGEN_INLINE Pair<T> exact_sum(T a, T b) {
  T high = a + b, kept = high - a;
  return {high, (a - (high - kept)) + (b - kept)};
}
// a/b to the last bit or nearly so: |a.low| and |b.low| below an ulp, a/b and 1/b normal numbers, `inverse` about 1/b.
template <typename T>
ACTGEN_INLINE T quotient(Pair<T> a, Pair<T> b, T inverse) {
  T value = a.high * inverse;
  T lost = fma(-value, b.low, fma(-value, b.high, a.high) + a.low);
  return fma(lost, inverse, value);
}
template <typename T>
ACTGEN_INLINE T quotient(Pair<T> a, Pair<T> b) {
  return quotient(a, b, T(1) / b.high);
}

// c0 + c1·x + c2·x² + …, by Horner's rule.
template <typename T>
ACTGEN_INLINE T horner(T, T c0) {
  return c0;
}
template <typename T, typename... Rest>
ACTGEN_INLINE T horner(T x, T c0, Rest... rest) {
  return fma(x, horner(x, rest...), c0);
}

}  // namespace actgen

#endif
