// Each block of threads takes elements of one channel: a part of a row, or several rows. The parameters are the same in
// all of them.
#include "cuda_driver.cuh"

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

// `body(index, first, end)` for every vector with an element of the task, by the thread that takes it.
template <typename Body>
ACTGEN_INLINE void for_each_vector(const Task& task, const Body& body) {
  // A row that begins within a vector has a part of one more.
  bool fits = task.length % WIDTH == 0 && task.first % WIDTH == 0 && task.stride % WIDTH == 0;
  unsigned vectors = unsigned((task.length + WIDTH - 1) / WIDTH) + !fits, all = vectors * task.rows;
#pragma unroll 1
  for (unsigned at = threadIdx.x; at < all; at += THREADS) {
    unsigned row = task.rows > 1 ? at / vectors : 0;
    long long first = task.first + row * task.stride, end = first + task.length;
    long long index = first / WIDTH * WIDTH + (long long)(at - row * vectors) * WIDTH;
    if (index < end) body(index, first, end);
  }
}

// The thread's elements, with what is not ordinary.
ACTGEN_SLOW void forward_again(const Call& call) {
  Task task = task_of(call);
  for_each_vector(task, [&](long long index, long long first, long long end) {
    for_each_lane(index, first, end, [&](long long at, int) { forward_any(call, at); });
  });
}
ACTGEN_SLOW void backward_again(const Call& call, double* sums) {
  Task task = task_of(call);
  for_each_vector(task, [&](long long index, long long first, long long end) {
    for_each_lane(index, first, end, [&](long long at, int) { backward_any(call, at, sums); });
  });
}

template <bool SUMS>
ACTGEN_INLINE void backward_rows(const Call& call, const Task& task, Pass<SUMS, false>& pass) {
  read_parameters(call, task.channel, pass.parameters[0]);
  for_each_vector(task, [&](long long index, long long first, long long end) {
    backward<SUMS>(pass, call, index, first, end);
  });
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
  for_each_vector(task, [&](long long index, long long first, long long end) { forward(pass, call, index, first, end); });
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
