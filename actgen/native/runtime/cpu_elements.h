// Every output and every partial derivative, element by element; nothing is summed. Parameters have one value, or one for
// each element.
#include "cpu_driver.h"

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

__attribute__((cold, noinline)) static void far_partials(const Run& run, const Varying& parameters, long n,
                                                         Storage* const (&results)[PARTIALS]) {
  partials_loop<FAR>(run, parameters, n, results);
}

static void partials_block(const Run& run, const Varying& parameters, long n, Trust& trust,
                           Storage* const (&results)[PARTIALS]) {
  if constexpr (Element::HAS_GUARDS) {
    if (trust.is_due() && trust.found(partials_loop<NEAR>(run, parameters, n, results))) return;
  }
  if constexpr (Element::CAN_BE_FAR) {
    if (any_far(run, parameters, n)) return far_partials(run, parameters, n, results);
  }
  partials_loop<GUARDED>(run, parameters, n, results);
}

// The parameters of a block, spread over its elements into `values`.
static Varying spread(const Elements& call, long at, long n, Compute (*values)[BLOCK]) {
  Varying parameters;
  for (int k = 0; k < PARAMETERS; ++k) {
    for (long i = 0; i < n; ++i) values[k][i] = Compute(parameter_value(call.parameters[k], at + i));
    parameters.at[k] = values[k];
  }
  return parameters;
}

static void elements_block(const Elements& call, long at, long n) {
  Compute values[SLOTS][BLOCK];
  Varying parameters = spread(call, at, n, values);
  bool ordinary = true;
  for (int k = 0; k < PARAMETERS; ++k)
    for (long i = 0; i < n; ++i) ordinary &= is_ordinary_size(values[k][i]);
  Trust trust(ordinary);
  Run run;
  for (int k = 0; k < INPUTS; ++k) run.inputs[k] = call.inputs[k] + at;
  if (call.outputs[0]) {
    for (int k = 0; k < OUTPUTS; ++k) run.results[k] = call.outputs[k] + at;
    forward_block(run, parameters, n, trust);
  }
  if (call.partials[0]) {
    Storage* results[PARTIALS];
    for (int k = 0; k < PARTIALS; ++k) results[k] = call.partials[k] + at;
    partials_block(run, parameters, n, trust, results);
  }
}

}  // namespace actgen

extern "C" void actgen_elements(const actgen::Elements* call) {
  const long count = call->count;
  for (long at = 0; at < count; at += actgen::BLOCK)
    actgen::elements_block(*call, at, count - at < actgen::BLOCK ? count - at : actgen::BLOCK);
}
