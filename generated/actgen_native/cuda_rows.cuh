// Each block of threads takes elements of one channel: a part of a row, or several rows. The parameters are the same in
// all of them.
#include "cuda_sums.cuh"

namespace actgen {

// What a block takes: `rows` times `length` elements.
struct Task {
  long long channel, part, first, stride, length;
  int rows;
};

ACTGEN_INLINE Task task_of(const Call& call) {
  long long pieces = (call.inner + call.length - 1) / call.length;
  long long piece = blockIdx.x % pieces, channel = blockIdx.x / pieces % call.channels;
  long long group = blockIdx.x / pieces / call.channels, row = group * call.rows;
  Task task;
  task.channel = channel;
  task.part = group * pieces + piece;
  task.stride = call.channels * call.inner;
  task.first = (row * call.channels + channel) * call.inner + piece * call.length;
  task.length = call.inner - piece * call.length < call.length ? call.inner - piece * call.length : call.length;
  task.rows = int(call.outer - row < call.rows ? call.outer - row : call.rows);
  return task;
}

// `body(place)` for every vector with an element of the task, by the thread that takes it; `aligned` says whether the
// arrays are.
template <typename Body>
ACTGEN_INLINE void for_each_vector(const Task& task, bool aligned, const Body& body) {
  // A row that begins within a vector has a part of one more.
  const bool fits =
      task.length % WIDTH == 0 && task.first % WIDTH == 0 && (task.rows == 1 || task.stride % WIDTH == 0);
  const int vectors = int((task.length + WIDTH - 1) / WIDTH) + !fits;
  const int down = THREADS / vectors, across = THREADS % vectors;  // from one vector of a thread to its next
  int row = int(threadIdx.x) / vectors, left = vectors - int(threadIdx.x) % vectors;
  if (row >= task.rows) return;
  long long first = task.first + row * task.stride;
  Place place = {first / WIDTH * WIDTH + (long long)(vectors - left) * WIDTH, ALL_LANES, aligned};
#pragma unroll 1
  for (;;) {
    if (!fits) {
      place.lanes = lanes_between(place.index, first, first + task.length);
      place.whole = aligned && place.lanes == ALL_LANES;
    }
    if (place.lanes) body(place);
    left -= across;
    place.index += across * WIDTH;
    if (left > 0 && down == 0) continue;
    row += down;
    if (left <= 0) {
      left += vectors;
      ++row;
    }
    if (row >= task.rows) break;
    first = task.first + row * task.stride;
    place.index = first / WIDTH * WIDTH + (long long)(vectors - left) * WIDTH;
  }
}

// The thread's elements, with what is not ordinary.
ACTGEN_SLOW void forward_again(const Call& call) {
  Task task = task_of(call);
  for_each_vector(task, false, [&](const Place& place) {
    for_each_lane(place, [&](long long at, int) { forward_any(call, at); });
  });
}
ACTGEN_SLOW void backward_again(const Call& call, double* sums) {
  Task task = task_of(call);
  for_each_vector(task, false, [&](const Place& place) {
    for_each_lane(place, [&](long long at, int) { backward_any(call, at, sums); });
  });
}

template <bool SUMS>
ACTGEN_INLINE void backward_rows(const Call& call, const Task& task, Pass<SUMS, false>& pass) {
  read_parameters(call, task.channel, pass.parameters[0]);
  for_each_vector(task, backward_is_aligned(call), [&](const Place& place) { backward<SUMS>(pass, call, place); });
  if (pass.ordinary) return;
  double sums[SLOTS] = {};
  backward_again(call, sums);
  for (int k = 0; k < PARAMETERS; ++k) pass.sums[0][k] = sums[k];
}

}  // namespace actgen

ACTGEN_KERNEL(actgen_forward, actgen::FORWARD_BLOCKS) {
  using namespace actgen;
  Task task = task_of(call);
  Pass<false, false> pass;
  read_parameters(call, task.channel, pass.parameters[0]);
  for_each_vector(task, forward_is_aligned(call), [&](const Place& place) { forward(pass, call, place); });
  if (!pass.ordinary) forward_again(call);
}

ACTGEN_KERNEL(actgen_backward, actgen::BACKWARD_BLOCKS) {
  using namespace actgen;
  Pass<false, false> pass;
  backward_rows(call, task_of(call), pass);
}

// Likewise, and the sums of the task for every parameter.
ACTGEN_KERNEL(actgen_backward_sums, actgen::SUMS_BLOCKS) {
  using namespace actgen;
  __shared__ double shared[WARPS];
  Task task = task_of(call);
  Pass<true, false> pass;
  backward_rows(call, task, pass);
#pragma unroll
  for (int k = 0; k < PARAMETERS; ++k) {
    double total = block_sum(pass.sums[0][k], shared);
    if (threadIdx.x == 0) call.sums[(task.part * PARAMETERS + k) * call.channels + task.channel] = total;
  }
}

// The gradients of the parameters, of what the blocks have summed.
ACTGEN_KERNEL(actgen_gradients, 1) {
  actgen::write_gradients(call, call.channels, 1);
}
