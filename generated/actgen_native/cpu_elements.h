// Every output and every partial derivative, element by element; nothing is summed. Parameters have one value, or one for
// each element.
#include "cpu_driver.h"

#include <cstring>

namespace actgen {

constexpr int PARTIALS = OUTPUTS * VARIABLES;

// What is asked for: words of 64 bits, one after the other.
struct Elements {
  long long count;
  const Storage* inputs[INPUTS];
  Storage* outputs[OUTPUTS];    // null, the first at least, if they are not asked for
  Storage* partials[PARTIALS];  // likewise: of each output by each input, then each parameter
  Parameter parameters[SLOTS];  // a channel is an element
};

template <Reach REACH>
ACTGEN_INLINE bool partials_loop(const Run& run, const Varying& parameters, long n, Storage* const (&results)[PARTIALS]) {
  BitsOf<Compute> beyond = 0;
  ACTGEN_INDEPENDENT
  for (long i = 0; i < n; ++i) {
    Compute x[INPUTS], p[SLOTS], d[PARTIALS];
    read(run, parameters, i, x, p);
    if constexpr (REACH == NEAR) {
      partials_near<Element>(x, p, d, beyond);
    } else {
      partials_of<Element, REACH>(x, p, d);
    }
    for (int k = 0; k < PARTIALS; ++k) store(results[k][i], d[k]);
  }
  return !is_any(beyond);
}

__attribute__((noinline)) static void guarded_partials(const Run& run, const Varying& parameters, long n,
                                                       Storage* const (&results)[PARTIALS]) {
  if (any_far(run, parameters, n)) {
    partials_loop<FAR>(run, parameters, n, results);
  } else {
    partials_loop<GUARDED>(run, parameters, n, results);
  }
}

// Results of one block, to compare with others.
template <int COUNT>
struct Scratch {
  Storage numbers[COUNT][BLOCK];
  Storage* at[COUNT];
  Scratch() {
    for (int k = 0; k < COUNT; ++k) at[k] = numbers[k];
  }
  // The bits of NaN do not count.
  bool differs_from(Storage* const (&results)[COUNT], long n) const {
    bool differs = false;
    for (int k = 0; k < COUNT; ++k)
      for (long i = 0; i < n; ++i) {
        bool number = !is_nan(loaded(numbers[k][i])) || !is_nan(loaded(results[k][i]));
        differs |= number && std::memcmp(&numbers[k][i], &results[k][i], sizeof(Storage)) != 0;
      }
    return differs;
  }
};

// The parameters of a block, spread over its elements into `values`.
static Varying spread(const Elements& call, long at, long n, Compute (*values)[BLOCK]) {
  Varying parameters;
  for (int k = 0; k < PARAMETERS; ++k) {
    for (long i = 0; i < n; ++i) values[k][i] = Compute(parameter_value(call.parameters[k], at + i));
    parameters.at[k] = values[k];
  }
  return parameters;
}

// Whether the variants with guards and without them give an ordinary block different bits, which they must not.
static bool elements_block(const Elements& call, long at, long n) {
  Compute values[SLOTS][BLOCK];
  Varying parameters = spread(call, at, n, values);
  Run run;
  constexpr bool near = Element::HAS_GUARDS;
  bool differs = false;
  for (int k = 0; k < INPUTS; ++k) run.inputs[k] = call.inputs[k] + at;
  if (call.outputs[0]) {
    for (int k = 0; k < OUTPUTS; ++k) run.results[k] = call.outputs[k] + at;
    guarded_forward(run, parameters, n);
    Scratch<OUTPUTS> scratch;
    Run again = run;
    Storage* outputs[OUTPUTS];
    for (int k = 0; k < OUTPUTS; ++k) outputs[k] = run.results[k], again.results[k] = scratch.at[k];
    if (near && forward_loop<NEAR>(again, parameters, n)) differs |= scratch.differs_from(outputs, n);
  }
  if (call.partials[0]) {
    Storage* partials[PARTIALS];
    for (int k = 0; k < PARTIALS; ++k) partials[k] = call.partials[k] + at;
    guarded_partials(run, parameters, n, partials);
    Scratch<PARTIALS> scratch;
    if (near && partials_loop<NEAR>(run, parameters, n, scratch.at)) differs |= scratch.differs_from(partials, n);
  }
  return differs;
}

}  // namespace actgen

// 0, or 1 if the variants of the kernel disagree.
extern "C" int actgen_elements(const actgen::Elements* call) {
  const long count = call->count;
  bool differs = false;
  for (long at = 0; at < count; at += actgen::BLOCK)
    differs |= actgen::elements_block(*call, at, count - at < actgen::BLOCK ? count - at : actgen::BLOCK);
  return differs;
}
