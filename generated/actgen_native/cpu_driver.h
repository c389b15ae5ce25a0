// Runs an activation's element functions over arrays. One such file is compiled for an activation and a format.
//
// Before it come the element header, and the macros ACTGEN_ELEMENT (its struct), ACTGEN_STORAGE (how numbers lie in
// memory) and ACTGEN_COMPUTE (float or double). An array is outer × channels × inner numbers; parameters have one value,
// or one for each channel. Sums are taken in double over pieces whose bounds depend on the shape alone, and added in
// their order: the results have the same bits for any number of threads.
//
// How an array is gone through say cpu_rows.h and cpu_periods.h, of which one comes after this file.
#ifndef ACTGEN_CPU_DRIVER_H
#define ACTGEN_CPU_DRIVER_H

#include "element.h"
#include "formats.h"

#include <cstdlib>

#if defined(__clang__)
#define ACTGEN_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define ACTGEN_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace actgen {

using Element = ACTGEN_ELEMENT;
using Storage = ACTGEN_STORAGE;
using Compute = ACTGEN_COMPUTE;

// Calls body(data) in so many threads, and returns when all are done.
using Parallel = void (*)(void (*body)(void*), void* data, unsigned threads, unsigned flags);

constexpr int INPUTS = Element::INPUTS, PARAMETERS = Element::PARAMETERS, OUTPUTS = Element::OUTPUTS;
constexpr int VARIABLES = INPUTS + PARAMETERS;
constexpr int SLOTS = PARAMETERS > 0 ? PARAMETERS : 1;  // an array has at least one
constexpr int RESULTS = INPUTS > OUTPUTS ? INPUTS : OUTPUTS;

// A parameter: one number, or one for each channel, in a format of its own, as is its gradient.
struct Parameter {
  const void* values;
  void* gradient;  // null if it is not asked for
  long long numbers, per_channel;
};

// What is asked for: words of 64 bits, one after the other.
struct Call {
  long long outer, channels, inner;
  Parallel parallel;  // null for one thread
  long long threads;
  const Storage* inputs[INPUTS];
  const Storage* cotangents[OUTPUTS];  // of the outputs; for the backward pass
  Storage* results[RESULTS];           // outputs, or cotangents of the inputs
  Parameter parameters[SLOTS];
};

constexpr long PIECE = 1 << 13;   // elements that are summed together, and that one thread takes at a time
constexpr long BLOCK = 512;       // elements whose products with the cotangent are kept for summing

// Memory that is freed at the end of a block.
template <typename T>
struct Buffer {
  T* at;
  explicit Buffer(long count) : at(static_cast<T*>(std::calloc(count > 0 ? count : 1, sizeof(T)))) {}
  ~Buffer() { std::free(at); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
};

// Where the numbers of one run of elements lie.
struct Run {
  const Storage *inputs[INPUTS], *cotangents[OUTPUTS];
  Storage* results[RESULTS];
};

// The parameters of a run: the same for all of its elements, or those of each.
struct Uniform {
  Compute at[SLOTS];
  ACTGEN_INLINE Compute get(const Uniform& from, int k, long) { return from.at[k]; }
};
struct Varying {
  const Compute* at[SLOTS];
  ACTGEN_INLINE Compute get(const Varying& from, int k, long i) { return from.at[k][i]; }
};

template <typename Values>
ACTGEN_INLINE void read(const Run& run, const Values& parameters, long i, Compute* x, Compute* p) {
  for (int k = 0; k < INPUTS; ++k) x[k] = Compute(loaded(run.inputs[k][i]));
  for (int k = 0; k < PARAMETERS; ++k) p[k] = Values::get(parameters, k, i);
}

// Whether one of these elements is far: rare, and computed in double.
template <typename Values>
ACTGEN_INLINE bool any_far(const Run& run, const Values& parameters, long n) {
  int any = 0;
  if constexpr (Element::CAN_BE_FAR) {
    for (long i = 0; i < n; ++i) {
      Compute x[INPUTS], p[SLOTS];
      read(run, parameters, i, x, p);
      any |= Element::template far<Compute, double>(x, p);
    }
  }
  return any != 0;
}

// Whether a block was ordinary, which is known once it has been computed as if it were. Rows of the same data are alike:
// after one that was not, some are not tried.
class Trust {
  int untried = 0;

 public:
  bool is_due() { return untried == 0 || --untried == 0; }
  bool found(bool ordinary) {
    if (!ordinary) untried = 8;
    return ordinary;
  }
};

template <typename T>
ACTGEN_INLINE bool is_any(T beyond) {
  return beyond >> (8 * sizeof(T) - 1);
}

// Whether all elements were near, if they are to be: else the results are to be computed again.
template <Reach REACH, typename Values>
ACTGEN_INLINE bool forward_loop(const Run& run, const Values& parameters, long n) {
  BitsOf<Compute> beyond = 0;
  ACTGEN_INDEPENDENT
  for (long i = 0; i < n; ++i) {
    Compute x[INPUTS], p[SLOTS], y[OUTPUTS];
    read(run, parameters, i, x, p);
    if constexpr (REACH == NEAR) {
      outputs_near<Element>(x, p, y, beyond);
    } else {
      outputs_of<Element, REACH>(x, p, y);
    }
    for (int k = 0; k < OUTPUTS; ++k) store(run.results[k][i], y[k]);
  }
  return !is_any(beyond);
}

// The cotangents of the inputs; with SUMS also the products that sum to those of the parameters.
template <Reach REACH, bool SUMS, typename Values>
ACTGEN_INLINE bool backward_loop(const Run& run, const Values& parameters, long n, Compute (*products)[BLOCK]) {
  BitsOf<Compute> beyond = 0;
  ACTGEN_INDEPENDENT
  for (long i = 0; i < n; ++i) {
    Compute x[INPUTS], p[SLOTS], d[OUTPUTS * VARIABLES], total[VARIABLES];
    read(run, parameters, i, x, p);
    if constexpr (REACH == NEAR) {
      partials_near<Element>(x, p, d, beyond);
    } else {
      partials_of<Element, REACH>(x, p, d);
    }
    for (int output = 0; output < OUTPUTS; ++output) {
      Compute g = Compute(loaded(run.cotangents[output][i]));
      for (int k = 0; k < VARIABLES; ++k) {
        Compute slope = d[output * VARIABLES + k];
        // An output that nobody used, whose cotangent is 0, adds 0 also where its slope overflows.
        Compute product = OUTPUTS > 1 && g == Compute(0) && is_infinite(slope) ? g : g * slope;
        total[k] = output == 0 ? product : total[k] + product;
      }
    }
    for (int k = 0; k < INPUTS; ++k) store(run.results[k][i], total[k]);
    if constexpr (SUMS)
      for (int k = 0; k < PARAMETERS; ++k) products[k][i] = total[INPUTS + k];
  }
  return !is_any(beyond);
}

// A block in which an element is far. Rare, and no vector instructions: compiled for size.
template <typename Values>
__attribute__((cold, noinline)) static void far_forward(const Run& run, const Values& parameters, long n) {
  forward_loop<FAR>(run, parameters, n);
}
template <typename Values>
__attribute__((cold, noinline)) static void far_backward(const Run& run, const Values& parameters, long n, Compute (*products)[BLOCK]) {
  backward_loop<FAR, true>(run, parameters, n, products);
}

// A block with guards.
template <typename Values>
__attribute__((noinline)) static void guarded_forward(const Run& run, const Values& parameters, long n) {
  if (any_far(run, parameters, n)) return far_forward(run, parameters, n);
  forward_loop<GUARDED>(run, parameters, n);
}
template <bool SUMS, typename Values>
__attribute__((noinline)) static void guarded_backward(const Run& run, const Values& parameters, long n, Compute (*products)[BLOCK]) {
  if (any_far(run, parameters, n)) return far_backward(run, parameters, n, products);
  backward_loop<GUARDED, SUMS>(run, parameters, n, products);
}

// One block, in the variant that its elements need.
template <typename Values>
static void forward_block(const Run& run, const Values& parameters, long n, Trust& trust) {
  if constexpr (Element::HAS_GUARDS) {
    if (trust.is_due() && trust.found(forward_loop<NEAR>(run, parameters, n))) return;
  }
  guarded_forward(run, parameters, n);
}
template <bool ASKED, typename Values>
static void backward_block(const Run& run, const Values& parameters, long n, Trust& trust, Compute (*products)[BLOCK]) {
  constexpr bool SUMS = ASKED && PARAMETERS > 0;
  if constexpr (Element::HAS_GUARDS) {
    if (trust.is_due() && trust.found(backward_loop<NEAR, SUMS>(run, parameters, n, products))) return;
    guarded_backward<(PARAMETERS > 0)>(run, parameters, n, products);
  } else {
    guarded_backward<SUMS>(run, parameters, n, products);
  }
}

// What is done of an array: outputs, or cotangents of the inputs, and with `summed` the products for the parameters.
struct Pass {
  bool backward, summed;
};
template <typename Values>
static void run_block(const Run& run, const Values& parameters, long n, Pass pass, Trust& trust, Compute (*products)[BLOCK]) {
  if (!pass.backward) {
    forward_block(run, parameters, n, trust);
  } else if (!pass.summed) {
    backward_block<false>(run, parameters, n, trust, products);
  } else {
    backward_block<true>(run, parameters, n, trust, products);
  }
}

// ∑ values in double: sixteen running sums, then those in pairs.
ACTGEN_INLINE double sum_of(const Compute* values, long n) {
  constexpr long LANES = 16;
  double lanes[LANES] = {};
  long i = 0;
  for (; i + LANES <= n; i += LANES)
    for (long lane = 0; lane < LANES; ++lane) lanes[lane] += double(values[i + lane]);
  for (; i < n; ++i) lanes[i % LANES] += double(values[i]);
  for (long width = LANES / 2; width > 0; width /= 2)
    for (long lane = 0; lane < width; ++lane) lanes[lane] += lanes[lane + width];
  return lanes[0];
}

static Run run_at(const Call& call, bool backward, long at) {
  Run run;
  for (int k = 0; k < INPUTS; ++k) run.inputs[k] = call.inputs[k] + at;
  for (int k = 0; k < OUTPUTS; ++k) run.cotangents[k] = backward ? call.cotangents[k] + at : nullptr;
  for (int k = 0; k < (backward ? INPUTS : OUTPUTS); ++k) run.results[k] = call.results[k] + at;
  return run;
}

// `body(task)` for every task from 0 on, by so many threads as are useful.
template <typename Body>
static void for_each_task(const Call& call, long tasks, const Body& body) {
  struct State {
    const Body* body;
    long tasks, next;
  } state = {&body, tasks, 0};
  auto work = [](void* data) {
    State& shared = *static_cast<State*>(data);
    for (;;) {
      long task = __atomic_fetch_add(&shared.next, 1, __ATOMIC_RELAXED);
      if (task >= shared.tasks) return;
      (*shared.body)(task);
    }
  };
  unsigned threads = unsigned(tasks < call.threads ? tasks : call.threads);
  if (call.parallel && threads > 1) {
    call.parallel(work, &state, threads, 0);
  } else {
    work(&state);
  }
}

static double parameter_value(const Parameter& parameter, long channel) {
  return number_at(Numbers(parameter.numbers), parameter.values, parameter.per_channel ? channel : 0);
}

static bool any_gradient(const Call& call) {
  for (int k = 0; k < PARAMETERS; ++k)
    if (call.parameters[k].gradient) return true;
  return false;
}

// Writes the gradients of parameters, given what each channel contributes: sum(k, channel).
template <typename Sum>
static void write_gradients(const Call& call, const Sum& sum) {
  for (int k = 0; k < PARAMETERS; ++k) {
    const Parameter& parameter = call.parameters[k];
    if (!parameter.gradient) continue;
    const Numbers numbers = Numbers(parameter.numbers);
    double total = 0;
    for (long channel = 0; channel < call.channels; ++channel) {
      double part = sum(k, channel);
      total += part;
      if (parameter.per_channel) put_number(numbers, parameter.gradient, channel, part);
    }
    if (!parameter.per_channel) put_number(numbers, parameter.gradient, 0, total);
  }
}

}  // namespace actgen

#endif
