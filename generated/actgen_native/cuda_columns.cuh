// For rows of one channel so short that threads cannot share one, as where the channels come last: the array is seen as
// rows of `length` numbers, whole periods of channels × inner, and each thread takes columns, whose parameters it keeps.
#include "cuda_sums.cuh"

namespace actgen {

constexpr int STRIP = WARP * WIDTH;  // columns of a block, of which each warp takes a row at a time

// A thread has the parameters and the sums of every lane.
constexpr int OF_COLUMNS = IS_HEAVY || WIDTH * PARAMETERS > 16 ? 2 : 4;

struct Task {
  long long column, group, row, last_row, count;
};

ACTGEN_INLINE Task task_of(const Call& call) {
  long long strips = (call.length + STRIP - 1) / STRIP;
  Task task;
  task.column = blockIdx.x % strips * STRIP + threadIdx.x % WARP * WIDTH;
  task.group = blockIdx.x / strips;
  task.count = call.outer * call.channels * call.inner;
  long long all = (task.count + call.length - 1) / call.length, end = (task.group + 1) * call.rows;
  task.row = task.group * call.rows + threadIdx.x / WARP;
  task.last_row = task.column >= call.length ? 0 : end < all ? end : all;
  return task;
}

template <typename Taken>
ACTGEN_INLINE void give_parameters(const Call& call, const Task& task, Taken& pass) {
#pragma unroll
  for (int lane = 0; lane < WIDTH; ++lane)
    read_parameters(call, (task.column + lane) / call.inner % call.channels, pass.parameters[lane]);
}

// `body(place)` for each vector of a thread; `aligned` says whether the arrays are.
template <typename Body>
ACTGEN_INLINE void for_each_row(const Call& call, const Task& task, bool aligned, const Body& body) {
  const bool fits = task.count % WIDTH == 0;
  long long index = task.row * call.length + task.column;
#pragma unroll 1
  for (long long row = task.row; row < task.last_row; row += WARPS, index += WARPS * call.length) {
    Lanes lanes = fits ? ALL_LANES : lanes_between(index, 0, task.count);
    if (index < task.count) body(Place{index, lanes, aligned && lanes == ALL_LANES});
  }
}

// The thread's elements, with what is not ordinary.
ACTGEN_SLOW void forward_again(const Call& call) {
  Task task = task_of(call);
  for_each_row(call, task, false, [&](const Place& place) {
    for_each_lane(place, [&](long long at, int) { forward_any(call, at); });
  });
}
ACTGEN_SLOW void backward_again(const Call& call, double (*sums)[SLOTS]) {
  Task task = task_of(call);
  for_each_row(call, task, false, [&](const Place& place) {
    for_each_lane(place, [&](long long at, int lane) { backward_any(call, at, sums[lane]); });
  });
}

template <bool SUMS>
ACTGEN_INLINE void backward_columns(const Call& call, const Task& task, Pass<SUMS, true>& pass) {
  give_parameters(call, task, pass);
  for_each_row(call, task, backward_is_aligned(call), [&](const Place& place) { backward<SUMS>(pass, call, place); });
  if (pass.ordinary) return;
  double sums[WIDTH][SLOTS] = {};
  backward_again(call, sums);
  for (int lane = 0; lane < WIDTH; ++lane)
    for (int k = 0; k < PARAMETERS; ++k) pass.sums[lane][k] = sums[lane][k];
}

// Of every column the sum over the block's rows.
ACTGEN_INLINE void write_sums(const Call& call, const Task& task, const Pass<true, true>& pass) {
  __shared__ double shared[WARPS][STRIP];
#pragma unroll
  for (int k = 0; k < PARAMETERS; ++k) {
    __syncthreads();
#pragma unroll
    for (int lane = 0; lane < WIDTH; ++lane) shared[threadIdx.x / WARP][lane * WARP + threadIdx.x % WARP] = pass.sums[lane][k];
    __syncthreads();
    if (threadIdx.x >= WARP || task.column >= call.length) continue;
#pragma unroll
    for (int lane = 0; lane < WIDTH; ++lane) {
      double total = 0;
      for (int warp = 0; warp < WARPS; ++warp) total += shared[warp][lane * WARP + threadIdx.x];
      call.sums[(task.group * PARAMETERS + k) * call.length + task.column + lane] = total;
    }
  }
}

}  // namespace actgen

ACTGEN_KERNEL(actgen_forward, actgen::OF_COLUMNS) {
  using namespace actgen;
  Task task = task_of(call);
  Pass<false, true> pass;
  give_parameters(call, task, pass);
  for_each_row(call, task, forward_is_aligned(call), [&](const Place& place) { forward(pass, call, place); });
  if (!pass.ordinary) forward_again(call);
}

ACTGEN_KERNEL(actgen_backward, actgen::OF_COLUMNS) {
  using namespace actgen;
  Pass<false, true> pass;
  backward_columns(call, task_of(call), pass);
}

// Likewise, and the sums of the block's rows for every parameter and column.
ACTGEN_KERNEL(actgen_backward_sums, actgen::OF_COLUMNS) {
  using namespace actgen;
  Task task = task_of(call);
  Pass<true, true> pass;
  backward_columns(call, task, pass);
  write_sums(call, task, pass);
}

// The gradients of the parameters, of what the blocks have summed.
ACTGEN_KERNEL(actgen_gradients, 1) {
  actgen::write_gradients(call, call.length, call.inner);
}
