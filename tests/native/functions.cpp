// The math header as a library: each function over arrays, and its worst error over a range of floats.
#include "elementary.h"

#define UNARY(X) X(log2) X(tanh) X(asinh) X(acosh) X(atanh) X(sinpi) X(cospi) X(atan) X(asin) X(acos) X(cbrt)
#define RANGED(X) \
  X(exp) X(expm1) X(log) X(log1p) X(sigmoid) X(softplus) X(logsigmoid) X(sinh) X(cosh) X(sech) X(erf) X(erfc)
#define ANGULAR(X) X(sin) X(cos) X(tan)
#define BINARY(X) X(pow) X(atan2) X(hypot) X(logaddexp)

// Functions of a range and x, as functions of x.
namespace actgen::within {
#define WITHIN(name)                                        \
  template <Reach REACH, typename T>                        \
  ACTGEN_INLINE T name(T x) {                               \
    Range<T, REACH> range;                                  \
    return actgen::name(range, x);                          \
  }                                                         \
  template <typename T>                                     \
  ACTGEN_INLINE bool is_near_##name(T x, T* y) {            \
    Range<T, NEAR> range;                                   \
    *y = actgen::name(range, x);                            \
    return !(range.beyond >> (8 * sizeof(T) - 1));          \
  }
RANGED(WITHIN)
ANGULAR(WITHIN)
}  // namespace actgen::within

namespace {

constexpr long BLOCK = 1024;

// |y - truth| in units in the last place of the truth as a float; those of subnormal numbers are all the same.
inline double error_in_ulp(float y, double truth) {
  constexpr double OVERFLOWS = 0x1.ffffffp127;  // half an ulp above the largest float
  float nearest = float(truth);
  unsigned long long exponent = actgen::to_bits(nearest) >> 23 & 255;
  exponent = exponent == 0 ? 1 : exponent;
  double ulp = actgen::from_bits((exponent + 1023 - 127 - 23) << 52);
  double error = actgen::abs(double(y) - truth) / ulp;
  bool same = (y != y && truth != truth) || double(y) == truth || (double(y) == double(nearest) && actgen::abs(truth) >= OVERFLOWS);
  return same ? 0 : error == error ? error : __builtin_huge_val();
}

// The worst error of y[i] and the input that has it, if it is worse than *worst.
inline void keep_worst(const float* x, const float* y, const double* truth, long n, double* worst, float* where) {
  for (long i = 0; i < n; ++i) {
    double error = error_in_ulp(y[i], truth[i]);
    if (error > *worst) *worst = error, *where = x[i];
  }
}

}  // namespace

#define ARRAY(name, T, suffix, call)                            \
  extern "C" void name##suffix(const T* x, T* y, long n) {      \
    for (long i = 0; i < n; ++i) y[i] = actgen::call(x[i]);     \
  }
// Over the floats whose bits are first, first + 1, …; the double function is the truth.
#define WORST(name, call)                                                                        \
  extern "C" double worst_##name(unsigned int first, long count, float* where) {                 \
    double worst = -1, truth[BLOCK];                                                             \
    float x[BLOCK], y[BLOCK];                                                                    \
    for (long done = 0; done < count; done += BLOCK) {                                           \
      long n = count - done < BLOCK ? count - done : BLOCK;                                      \
      for (long i = 0; i < n; ++i) x[i] = actgen::from_bits((unsigned int)(first + done + i));   \
      for (long i = 0; i < n; ++i) y[i] = actgen::call(x[i]);                                    \
      for (long i = 0; i < n; ++i) truth[i] = actgen::call(double(x[i]));                        \
      keep_worst(x, y, truth, n, &worst, where);                                                 \
    }                                                                                            \
    return worst;                                                                                \
  }
#define DEFINE_UNARY(name) ARRAY(name, float, _f32, name) ARRAY(name, double, _f64, name) WORST(name, name)
// How many of the floats whose bits are first, first + step, … are near, and how many of those have other bits than the
// guarded function gives them.
#define APART(name, T, suffix)                                                                                          \
  extern "C" void apart_##name##suffix(unsigned long long first, unsigned long long step, long count, long* found) {    \
    found[0] = found[1] = 0;                                                                                            \
    for (long i = 0; i < count; ++i) {                                                                                  \
      T x = actgen::from_bits(actgen::BitsOf<T>(first + i * step)), y;                                                  \
      if (!actgen::within::is_near_##name(x, &y)) continue;                                                             \
      found[0] += 1;                                                                                                    \
      found[1] += actgen::to_bits(y) != actgen::to_bits(actgen::within::name<actgen::GUARDED>(x));                      \
    }                                                                                                                   \
  }
#define DEFINE_REACH(name, REACH, prefix) \
  ARRAY(prefix##name, float, _f32, within::name<actgen::REACH>) ARRAY(prefix##name, double, _f64, within::name<actgen::REACH>)
#define DEFINE_RANGED(name)                                                                                    \
  DEFINE_REACH(name, GUARDED, ) DEFINE_REACH(name, NEAR, near_) WORST(name, within::name<actgen::GUARDED>)     \
  APART(name, float, _f32) APART(name, double, _f64)
#define DEFINE_ANGULAR(name)                                                                                   \
  DEFINE_REACH(name, FAR, ) DEFINE_REACH(name, NEAR, near_) WORST(name, within::name<actgen::FAR>)             \
  APART(name, float, _f32) APART(name, double, _f64)
#define DEFINE_BINARY(name)                                                                                            \
  extern "C" void name##_f32(const float* x, const float* y, float* z, long n) {                                       \
    for (long i = 0; i < n; ++i) z[i] = actgen::name(x[i], y[i]);                                                      \
  }                                                                                                                    \
  extern "C" void name##_f64(const double* x, const double* y, double* z, long n) {                                    \
    for (long i = 0; i < n; ++i) z[i] = actgen::name(x[i], y[i]);                                                      \
  }

UNARY(DEFINE_UNARY)
RANGED(DEFINE_RANGED)
ANGULAR(DEFINE_ANGULAR)
BINARY(DEFINE_BINARY)
