// Every output and every partial derivative, element by element; nothing is summed. Parameters have one value, or one for
// each element.
#include "cpu_driver.h"

namespace actgen {

struct Elements {
  long count;
  const Storage* const* inputs;
  const double* const* parameters;
  const int* per_element;      // which of them have a value for each element
  Storage* const* outputs;     // null if they are not asked for
  Storage* const* partials;    // likewise: of each output by each input, then each parameter
};

constexpr int PARTIALS = OUTPUTS * VARIABLES;

template <bool FAR>
ACTGEN_INLINE void partials_loop(const Run& run, const Varying& parameters, long n, Storage* const (&results)[PARTIALS]) {
  ACTGEN_INDEPENDENT
  for (long i = 0; i < n; ++i) {
    Compute x[INPUTS], p[SLOTS], d[PARTIALS];
    read(run, parameters, i, x, p);
    Element::template partials<FAR, Compute, double>(x, p, d);
    for (int k = 0; k < PARTIALS; ++k) store(results[k][i], d[k]);
  }
}

__attribute__((cold, noinline)) static void far_partials(const Run& run, const Varying& parameters, long n,
                                                         Storage* const (&results)[PARTIALS]) {
  partials_loop<true>(run, parameters, n, results);
}

static void partials_block(const Run& run, const Varying& parameters, long n, Storage* const (&results)[PARTIALS]) {
  if constexpr (Element::ANGLES) {
    if (any_far(run, parameters, n)) return far_partials(run, parameters, n, results);
  }
  partials_loop<false>(run, parameters, n, results);
}

// The parameters of a block, spread over its elements into `values`.
static Varying spread(const Elements& call, long at, long n, Compute (*values)[BLOCK]) {
  Varying parameters;
  for (int k = 0; k < PARAMETERS; ++k) {
    for (long i = 0; i < n; ++i) values[k][i] = Compute(call.parameters[k][call.per_element[k] ? at + i : 0]);
    parameters.at[k] = values[k];
  }
  return parameters;
}

static void elements_block(const Elements& call, long at, long n) {
  Compute values[SLOTS][BLOCK];
  Varying parameters = spread(call, at, n, values);
  Run run;
  for (int k = 0; k < INPUTS; ++k) run.inputs[k] = call.inputs[k] + at;
  if (call.outputs) {
    for (int k = 0; k < OUTPUTS; ++k) run.results[k] = call.outputs[k] + at;
    forward_block(run, parameters, n);
  }
  if (call.partials) {
    Storage* results[PARTIALS];
    for (int k = 0; k < PARTIALS; ++k) results[k] = call.partials[k] + at;
    partials_block(run, parameters, n, results);
  }
}

}  // namespace actgen

extern "C" void actgen_elements(const actgen::Elements* call) {
  for (long at = 0; at < call->count; at += actgen::BLOCK)
    actgen::elements_block(*call, at, call->count - at < actgen::BLOCK ? call->count - at : actgen::BLOCK);
}
