// Loops over the elements of one channel, row after row: the parameters are the same in each.
#include "cpu_driver.h"

namespace actgen {

// How the elements of a call are cut: into groups of rows, channels, and pieces of a row.
struct Cut {
  long rows, groups, pieces;
  explicit Cut(const Call& call) {
    rows = call.inner >= PIECE ? 1 : PIECE / (call.inner > 0 ? call.inner : 1);
    groups = (call.outer + rows - 1) / rows;
    pieces = (call.inner + PIECE - 1) / PIECE;
  }
  long sums() const { return groups * pieces; }
};

// Rows of one channel each. `sums` has a place for each channel, parameter, and piece of a group; or is null.
static void rows_task(const Call& call, const Cut& cut, bool backward, double* sums, long task) {
  long piece = task % cut.pieces, channel = task / cut.pieces % call.channels, group = task / cut.pieces / call.channels;
  Uniform parameters;
  for (int k = 0; k < PARAMETERS; ++k) parameters.at[k] = Compute(parameter_value(call.parameters[k], channel));
  long first = piece * PIECE, end = first + PIECE < call.inner ? first + PIECE : call.inner;
  long last_row = (group + 1) * cut.rows < call.outer ? (group + 1) * cut.rows : call.outer;
  Trust trust;
  double total[SLOTS] = {};
  Compute products[SLOTS][BLOCK];
  for (long row = group * cut.rows; row < last_row; ++row) {
    for (long at = first; at < end; at += BLOCK) {
      long n = end - at < BLOCK ? end - at : BLOCK;
      Run run = run_at(call, backward, (row * call.channels + channel) * call.inner + at);
      run_block(run, parameters, n, {backward, sums != nullptr}, trust, products);
      for (int k = 0; sums && k < PARAMETERS; ++k) total[k] += sum_of(products[k], n);
    }
  }
  for (int k = 0; sums && k < PARAMETERS; ++k)
    sums[(channel * PARAMETERS + k) * cut.sums() + group * cut.pieces + piece] = total[k];
}

static int run(const Call& call, bool backward) {
  bool summed = backward && any_gradient(call);
  Cut cut(call);
  Buffer<double> sums(summed ? call.channels * PARAMETERS * cut.sums() : 0);
  if (!sums.at) return 1;
  for_each_task(call, cut.sums() * call.channels,
                [&](long task) { rows_task(call, cut, backward, summed ? sums.at : nullptr, task); });
  if (summed)
    write_gradients(call, [&](int k, long channel) {
      double total = 0;
      for (long part = 0; part < cut.sums(); ++part) total += sums.at[(channel * PARAMETERS + k) * cut.sums() + part];
      return total;
    });
  return 0;
}

}  // namespace actgen

// 0, or 1 if there is not enough memory.
extern "C" int actgen_forward(const actgen::Call* call) { return actgen::run(*call, false); }
extern "C" int actgen_backward(const actgen::Call* call) { return actgen::run(*call, true); }
