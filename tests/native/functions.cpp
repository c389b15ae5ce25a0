// The math header as a library: each function over arrays, and its worst error over a range of floats.
#include "elementary.h"

#define UNARY(X)                                                                                                       \
  X(exp) X(expm1) X(log) X(log2) X(log1p) X(sigmoid) X(softplus) X(logsigmoid) X(tanh) X(sinh) X(cosh) X(sech)         \
  X(asinh) X(acosh) X(atanh) X(sinpi) X(cospi) X(atan) X(asin) X(acos) X(erf) X(erfc) X(cbrt)
#define ANGULAR(X) X(sin) X(cos) X(tan)
#define BINARY(X) X(pow) X(atan2) X(hypot) X(logaddexp)

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
#define DEFINE_ANGULAR(name)                                                       \
  ARRAY(name, float, _f32, name<true>) ARRAY(name, double, _f64, name<true>)       \
  ARRAY(near_##name, float, _f32, name<false>) ARRAY(near_##name, double, _f64, name<false>) WORST(name, name<true>)
#define DEFINE_BINARY(name)                                                                                            \
  extern "C" void name##_f32(const float* x, const float* y, float* z, long n) {                                       \
    for (long i = 0; i < n; ++i) z[i] = actgen::name(x[i], y[i]);                                                      \
  }                                                                                                                    \
  extern "C" void name##_f64(const double* x, const double* y, double* z, long n) {                                    \
    for (long i = 0; i < n; ++i) z[i] = actgen::name(x[i], y[i]);                                                      \
  }

UNARY(DEFINE_UNARY)
ANGULAR(DEFINE_ANGULAR)
BINARY(DEFINE_BINARY)
