// Sums over the threads of a block, and over what the blocks have summed, each in a fixed order and without atomics.
#ifndef ACTGEN_CUDA_SUMS_CUH
#define ACTGEN_CUDA_SUMS_CUH

#include "cuda_driver.cuh"

namespace actgen {

// ∑ over the threads of a block, in a fixed order; the first thread has it. `shared` has WARPS numbers.
ACTGEN_INLINE double block_sum(double value, double* shared) {
#pragma unroll
  for (int step = WARP / 2; step > 0; step /= 2) value += __shfl_down_sync(0xffffffffu, value, step);
  __syncthreads();
  if (threadIdx.x % WARP == 0) shared[threadIdx.x / WARP] = value;
  __syncthreads();
  double total = 0;
  if (threadIdx.x == 0)
    for (int warp = 0; warp < WARPS; ++warp) total += shared[warp];
  return total;
}

// One block writes the gradients of 32 channels, or the one of a parameter that all channels share. Its threads are as
// many lanes, one for each channel, and share the parts and the columns of it; `columns` there are, in `period` of them
// every channel has `inner`.
ACTGEN_INLINE void write_gradients(const Call& call, long long columns, long long inner) {
  __shared__ double shared[THREADS];
  long long block = blockIdx.x, period = call.channels * inner, copies = columns / period;
  int k = 0;
  for (; k < PARAMETERS; ++k) {
    if (!call.parameters[k].gradient) continue;
    long long blocks = call.parameters[k].per_channel ? (call.channels + WARP - 1) / WARP : 1;
    if (block < blocks) break;
    block -= blocks;
  }
  if (k == PARAMETERS) return;
  const Parameter& parameter = call.parameters[k];
  const Numbers numbers = Numbers(parameter.numbers);
  const double* sums = call.sums + k * columns;
  const long long stride = PARAMETERS * columns;
  double total = 0;
  if (!parameter.per_channel) {
    for (long long at = threadIdx.x; at < call.parts * columns; at += THREADS)
      total += sums[at / columns * stride + at % columns];
    total = block_sum(total, shared);
    if (threadIdx.x == 0) put_number(numbers, parameter.gradient, 0, total);
    return;
  }
  long long channel = block * WARP + threadIdx.x % WARP, count = call.parts * copies * inner;
  if (channel < call.channels)
    for (long long at = threadIdx.x / WARP; at < count; at += WARPS) {
      long long column = at / inner % copies * period + channel * inner + at % inner;
      total += sums[at / inner / copies * stride + column];
    }
  shared[threadIdx.x] = total;
  __syncthreads();
  if (threadIdx.x < WARP && channel < call.channels) {
    for (int warp = 1; warp < WARPS; ++warp) total += shared[warp * WARP + threadIdx.x];
    put_number(numbers, parameter.gradient, channel, total);
  }
}

}  // namespace actgen

#endif
