// Loops over channels × inner elements, each with parameters of its own: for rows so short that a loop over one is not
// worth its start, as where the channels come last.
#include "cpu_driver.h"

namespace actgen {

constexpr long MOST_GROUPS = 64;  // of periods, for each of which there is a sum for each element of one

// A group of periods, the parameters spread over one. `sums` has a period for each
// group and parameter; or is null.
static void periods_task(const Call& call, const Varying& spread, long rows, bool backward, double* sums, long group) {
  long period = call.channels * call.inner, last_row = (group + 1) * rows < call.outer ? (group + 1) * rows : call.outer;
  Trust trust;
  Compute products[SLOTS][BLOCK];
  for (long row = group * rows; row < last_row; ++row) {
    for (long at = 0; at < period; at += BLOCK) {
      long n = period - at < BLOCK ? period - at : BLOCK;
      Run run = run_at(call, backward, row * period + at);
      Varying parameters;
      for (int k = 0; k < PARAMETERS; ++k) parameters.at[k] = spread.at[k] + at;
      run_block(run, parameters, n, {backward, sums != nullptr}, trust, products);
      for (int k = 0; sums && k < PARAMETERS; ++k)
        for (long i = 0; i < n; ++i) sums[(group * PARAMETERS + k) * period + at + i] += double(products[k][i]);
    }
  }
}

static int run(const Call& call, bool backward) {
  bool summed = backward && any_gradient(call);
  long period = call.channels * call.inner, least = PIECE / (period > 0 ? period : 1) + 1;
  long rows = (call.outer + MOST_GROUPS - 1) / MOST_GROUPS;
  rows = rows < least ? least : rows;
  long groups = (call.outer + rows - 1) / rows;
  Buffer<Compute> values(period * PARAMETERS);
  Buffer<double> sums(summed ? groups * PARAMETERS * period : 0);
  if (!values.at || !sums.at) return 1;
  Varying spread;
  for (int k = 0; k < PARAMETERS; ++k) {
    for (long i = 0; i < period; ++i)
      values.at[k * period + i] = Compute(parameter_value(call.parameters[k], i / call.inner));
    spread.at[k] = values.at + k * period;
  }
  for_each_task(call, groups,
                [&](long group) { periods_task(call, spread, rows, backward, summed ? sums.at : nullptr, group); });
  if (summed)
    write_gradients(call, [&](int k, long channel) {
      double total = 0;
      for (long i = channel * call.inner; i < (channel + 1) * call.inner; ++i)
        for (long group = 0; group < groups; ++group) total += sums.at[(group * PARAMETERS + k) * period + i];
      return total;
    });
  return 0;
}

}  // namespace actgen

// 0, or 1 if there is not enough memory.
extern "C" int actgen_forward(const actgen::Call* call) { return actgen::run(*call, false); }
extern "C" int actgen_backward(const actgen::Call* call) { return actgen::run(*call, true); }
