// Runs cuda_rows.cuh and cuda_columns.cuh on a CPU, a thread for each of a block's: the same text, word for word, so what
// it does with indices, tails, channels and sums can be tested without a GPU.
#include <barrier>
#include <thread>
#include <vector>

#define ACTGEN_THREADS 64
#define __global__
#define __grid_constant__
#define __launch_bounds__(...)
#define __shared__ static  // one block is at work at a time

namespace on_cpu {

struct Place {
  unsigned x;
};
static thread_local Place thread, block;
static std::barrier<>* all;

static inline void wait() { all->arrive_and_wait(); }

// What the lane `step` further on has; within a warp of 32.
static inline double from_further(double value, int step) {
  static double lanes[ACTGEN_THREADS];
  lanes[thread.x] = value;
  wait();
  double found = thread.x % 32 + step < 32 ? lanes[thread.x + step] : value;
  wait();
  return found;
}

template <typename Call>
void launch(void (*kernel)(Call), const Call& call, unsigned blocks) {
  std::barrier<> barrier(ACTGEN_THREADS);
  all = &barrier;
  std::vector<std::thread> threads;
  for (unsigned place = 0; place < ACTGEN_THREADS; ++place)
    threads.emplace_back([&, place] {
      thread.x = place;
      for (block.x = 0; block.x < blocks; ++block.x) {
        kernel(call);
        wait();
      }
    });
  for (std::thread& each : threads) each.join();
}

}  // namespace on_cpu

#define threadIdx on_cpu::thread
#define blockIdx on_cpu::block
#define __syncthreads on_cpu::wait
#define __shfl_down_sync(mask, value, step) on_cpu::from_further(value, step)
