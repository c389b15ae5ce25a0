// What runs an activation's element functions over arrays on a GPU. One such file is compiled for an activation and a
// format, by NVRTC, which has no headers of its own.
//
// Before it come the element header, and the macros ACTGEN_ELEMENT (its struct), ACTGEN_STORAGE (how numbers lie in
// memory), ACTGEN_COMPUTE (float or double) and ACTGEN_LINES (of the element header). An array is outer ×
// channels × inner numbers; parameters have one value, or one for each channel. Elements have the same bits as on a CPU.
// Sums are taken in double, without atomics, over parts whose bounds depend on the shape alone, and added in their
// order: they have the same bits at every run.
//
// How an array is gone through say cuda_rows.cuh and cuda_columns.cuh, of which one comes after this file.
#ifndef ACTGEN_CUDA_DRIVER_CUH
#define ACTGEN_CUDA_DRIVER_CUH

#include "cuda_access.cuh"
#include "element.h"

namespace actgen {

using Element = ACTGEN_ELEMENT;
using Compute = ACTGEN_COMPUTE;

constexpr int INPUTS = Element::INPUTS, PARAMETERS = Element::PARAMETERS, OUTPUTS = Element::OUTPUTS;
constexpr int VARIABLES = INPUTS + PARAMETERS;
constexpr int SLOTS = PARAMETERS > 0 ? PARAMETERS : 1;  // an array has at least one
constexpr int RESULTS = INPUTS > OUTPUTS ? INPUTS : OUTPUTS;

#ifndef ACTGEN_THREADS
#define ACTGEN_THREADS 128  // of a block
#endif
constexpr int THREADS = ACTGEN_THREADS, WARP = 32, WARPS = THREADS / WARP;

// Blocks that a multiprocessor shall hold at once, at least, which limits the registers of each thread: so many that the
// loop over ordinary elements still keeps all it needs in them. Light elements need fewer. Measured on an H200.
constexpr bool IS_LIGHT = ACTGEN_LINES < 100 && sizeof(Compute) == 4 && INPUTS == 1 && OUTPUTS == 1;
constexpr bool IS_HEAVY = IS_LONG || (sizeof(Compute) == 8 && WIDTH > 2);
template <int LIGHT>
constexpr int HELD = IS_HEAVY ? 2 : !IS_LIGHT ? 4 : WIDTH > 4 ? LIGHT - 1 : LIGHT;
constexpr int FORWARD_BLOCKS = HELD<9>, BACKWARD_BLOCKS = HELD<8>, SUMS_BLOCKS = HELD<7>;

// A parameter: one number, or one for each channel, in a format of its own, as is its gradient.
struct Parameter {
  const void* values;
  void* gradient;  // null if it is not asked for
  long long numbers, per_channel;
};

// What is asked for: words of 64 bits, one after the other.
struct Call {
  long long outer, channels, inner;
  long long rows;     // that one block of threads takes
  long long length;   // of the part of a row that it takes; of a row of columns
  long long parts;    // for each of which there are sums
  double* sums;       // parts × PARAMETERS × columns
  const Storage* inputs[INPUTS];
  const Storage* cotangents[OUTPUTS];  // of the outputs; for the backward pass
  Storage* results[RESULTS];           // outputs, or cotangents of the inputs
  Parameter parameters[SLOTS];
};

ACTGEN_INLINE Compute parameter_value(const Parameter& parameter, long long channel) {
  return Compute(number_at(Numbers(parameter.numbers), parameter.values, parameter.per_channel ? channel : 0));
}
ACTGEN_INLINE void read_parameters(const Call& call, long long channel, Compute* p) {
#pragma unroll
  for (int k = 0; k < PARAMETERS; ++k) p[k] = parameter_value(call.parameters[k], channel);
}

// The products of an element's partials with the cotangents: of each input, then each parameter.
ACTGEN_INLINE void pulled_back(const Compute* d, const Compute* g, Compute* total) {
#pragma unroll
  for (int output = 0; output < OUTPUTS; ++output) {
#pragma unroll
    for (int k = 0; k < VARIABLES; ++k) {
      Compute slope = d[output * VARIABLES + k];
      // An output that nobody used, whose cotangent is 0, adds 0 also where its slope overflows.
      Compute product = OUTPUTS > 1 && g[output] == Compute(0) && is_infinite(slope) ? g[output] : g[output] * slope;
      total[k] = output == 0 ? product : total[k] + product;
    }
  }
}

// Whether an element is ordinary, so that its results are right.
ACTGEN_INLINE bool is_ordinary(const Compute* x, const Compute* p, BitsOf<Compute> beyond) {
  if constexpr (!Element::HAS_GUARDS && Element::CAN_BE_FAR) return !Element::template far<Compute, double>(x, p);
  return !(beyond >> (8 * sizeof(Compute) - 1));
}

// A vector that a thread takes: where it begins, which lanes are the thread's, and whether each access to it is one.
struct Place {
  long long index;
  Lanes lanes;
  bool whole;
};

// What a thread knows of the elements that it takes: their parameters, all the same or those of each lane; with SUMS the
// sums of products for them; and whether some elements were not ordinary, after which `again` is to be called.
template <bool SUMS, bool OF_LANES>
struct Pass {
  static constexpr int LANES = OF_LANES ? WIDTH : 1;
  static constexpr int UNROLLED = OF_LANES && !IS_LONG ? TURNS : 1;  // turns whose lanes differ, as an index says
  Compute parameters[LANES][SLOTS];
  double sums[LANES][SLOTS] = {};
  bool ordinary = true;
};

// Whether vectors of every array that a pass goes through are accessed as one.
ACTGEN_INLINE bool forward_is_aligned(const Call& call) {
  bool all = true;
  for (int k = 0; k < INPUTS; ++k) all &= is_aligned(call.inputs[k]);
  for (int k = 0; k < OUTPUTS; ++k) all &= is_aligned(call.results[k]);
  return all;
}
ACTGEN_INLINE bool backward_is_aligned(const Call& call) {
  bool all = true;
  for (int k = 0; k < INPUTS; ++k) all &= is_aligned(call.inputs[k]) && is_aligned(call.results[k]);
  for (int k = 0; k < OUTPUTS; ++k) all &= is_aligned(call.cotangents[k]);
  return all;
}

// The elements of a vector, as if all were ordinary.
template <typename Passing>
ACTGEN_INLINE void forward(Passing& pass, const Call& call, const Place& place) {
  Vector x[INPUTS], y[OUTPUTS];
#pragma unroll
  for (int k = 0; k < INPUTS; ++k) x[k] = read_vector(call.inputs[k], place.index, place.lanes, place.whole);
#pragma unroll(Passing::UNROLLED)
  for (int turn = 0; turn < TURNS; ++turn) {
    Side from[INPUTS], to[OUTPUTS];
    for (int k = 0; k < INPUTS; ++k) from[k] = taken(x[k], turn);
#pragma unroll
    for (int lane = 0; lane < SIDE; ++lane) {
      Compute one[INPUTS], found[OUTPUTS];
      BitsOf<Compute> beyond = 0;
      const Compute* p = pass.parameters[(turn * SIDE + lane) % Passing::LANES];
      for (int k = 0; k < INPUTS; ++k) one[k] = Compute(from_lane(from[k].at[lane]));
      outputs_near<Element>(one, p, found, beyond);
      pass.ordinary &= is_ordinary(one, p, beyond);
      for (int k = 0; k < OUTPUTS; ++k) to_lane(to[k].at[lane], found[k]);
    }
    for (int k = 0; k < OUTPUTS; ++k) put(y[k], turn, to[k]);
  }
#pragma unroll
  for (int k = 0; k < OUTPUTS; ++k) write_vector(call.results[k], y[k], place.index, place.lanes, place.whole);
}
template <bool SUMS, typename Passing>
ACTGEN_INLINE void backward(Passing& pass, const Call& call, const Place& place) {
  Vector x[INPUTS], g[OUTPUTS], dx[INPUTS];
#pragma unroll
  for (int k = 0; k < INPUTS; ++k) x[k] = read_vector(call.inputs[k], place.index, place.lanes, place.whole);
#pragma unroll
  for (int k = 0; k < OUTPUTS; ++k) g[k] = read_vector(call.cotangents[k], place.index, place.lanes, place.whole);
#pragma unroll(Passing::UNROLLED)
  for (int turn = 0; turn < TURNS; ++turn) {
    Side from[INPUTS], pulls[OUTPUTS], to[INPUTS];
    for (int k = 0; k < INPUTS; ++k) from[k] = taken(x[k], turn);
    for (int k = 0; k < OUTPUTS; ++k) pulls[k] = taken(g[k], turn);
#pragma unroll
    for (int lane = 0; lane < SIDE; ++lane) {
      Compute one[INPUTS], pulling[OUTPUTS], d[OUTPUTS * VARIABLES], total[VARIABLES];
      BitsOf<Compute> beyond = 0;
      const int own = (turn * SIDE + lane) % Passing::LANES;
      for (int k = 0; k < INPUTS; ++k) one[k] = Compute(from_lane(from[k].at[lane]));
      for (int k = 0; k < OUTPUTS; ++k) pulling[k] = Compute(from_lane(pulls[k].at[lane]));
      partials_near<Element>(one, pass.parameters[own], d, beyond);
      pass.ordinary &= is_ordinary(one, pass.parameters[own], beyond);
      pulled_back(d, pulling, total);
      for (int k = 0; k < INPUTS; ++k) to_lane(to[k].at[lane], total[k]);
      if (SUMS && (place.whole || has_lane(place.lanes, turn * SIDE + lane)))
        for (int k = 0; k < PARAMETERS; ++k) pass.sums[own][k] += double(total[INPUTS + k]);
    }
    for (int k = 0; k < INPUTS; ++k) put(dx[k], turn, to[k]);
  }
#pragma unroll
  for (int k = 0; k < INPUTS; ++k) write_vector(call.results[k], dx[k], place.index, place.lanes, place.whole);
}

// Any element. What needs more registers than the others is not inlined, and called when they are done.
ACTGEN_INLINE void forward_any(const Call& call, long long index) {
  Compute x[INPUTS], p[SLOTS], y[OUTPUTS];
  for (int k = 0; k < INPUTS; ++k) x[k] = Compute(loaded(call.inputs[k][index]));
  read_parameters(call, index / call.inner % call.channels, p);
  outputs_of<Element, FAR>(x, p, y);
  for (int k = 0; k < OUTPUTS; ++k) store(call.results[k][index], y[k]);
}
ACTGEN_INLINE void backward_any(const Call& call, long long index, double* sums) {
  Compute x[INPUTS], p[SLOTS], g[OUTPUTS], d[OUTPUTS * VARIABLES], total[VARIABLES];
  for (int k = 0; k < INPUTS; ++k) x[k] = Compute(loaded(call.inputs[k][index]));
  for (int k = 0; k < OUTPUTS; ++k) g[k] = Compute(loaded(call.cotangents[k][index]));
  read_parameters(call, index / call.inner % call.channels, p);
  partials_of<Element, FAR>(x, p, d);
  pulled_back(d, g, total);
  for (int k = 0; k < INPUTS; ++k) store(call.results[k][index], total[k]);
  for (int k = 0; k < PARAMETERS; ++k) sums[k] += double(total[INPUTS + k]);
}

template <typename Body>
ACTGEN_INLINE void for_each_lane(const Place& place, const Body& body) {
#pragma unroll 1
  for (int lane = 0; lane < WIDTH; ++lane)
    if (has_lane(place.lanes, lane)) body(place.index + lane, lane);
}

}  // namespace actgen

// A function that is launched.
#define ACTGEN_KERNEL(NAME, BLOCKS) \
  extern "C" __global__ void __launch_bounds__(actgen::THREADS, BLOCKS) NAME(const __grid_constant__ actgen::Call call)

#endif
