// The bits of every result, folded into sums that two builds of this file can be compared by.
//
// By nvcc it is a program for a GPU, by another compiler one for the threads of a CPU; benchmarks/bits.py builds and runs
// it. With no argument it lists its functions: name, number of inputs, number of values. With any it reads its standard
// input: a line "name first count step" asks for the inputs first, first + step, …, and is answered by a line of the
// milliseconds taken and, for each value, 256 sums, one for each of 256 equal parts of the inputs. Values are the arguments,
// then the results. A sum is that of the values' bits, those of all NaNs being the same, each times a key of its place;
// so it does not depend on the order. Of up to 256 inputs the sums are the bits themselves.
//
// Functions of one float are taken at all 2^32, where an input's number is its bits; the others at a sample of 2^28.
#include "elements.h"
#include "element.h"
#include "formats.h"

#include <cstdio>
#include <cstring>
#ifdef __CUDACC__
#include <cstdlib>
#else
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>
#endif

namespace {

using Word = unsigned long long;
constexpr int PARTS = 256, BLOCK = 512, MOST_PARAMETERS = 8;

struct Parameters {
  double at[MOST_PARAMETERS];
};
struct Query {
  Word first, count, step;
  Parameters parameters;
};
#ifdef __CUDACC__
#define BITS_ANYWHERE __host__ __device__
#else
#define BITS_ANYWHERE
#endif
BITS_ANYWHERE inline Word start_of(Word part, Word count) { return count * part / PARTS; }

// Every bit of the result depends on every bit of a (the finalizer of splitmix64).
ACTGEN_INLINE Word mixed(Word a) {
  a = (a ^ a >> 30) * 0xbf58476d1ce4e5b9ull;
  a = (a ^ a >> 27) * 0x94d049bb133111ebull;
  return a ^ a >> 31;
}

// What the bits of the values of an input are multiplied by before they are added: a key of its place in its block, and one
// of the block. Both are odd, so that no single difference is lost, and as if by chance, so that several do not cancel.
ACTGEN_INLINE Word key_of(Word place, bool raw) { return raw ? 1 : mixed(place * 0x9e3779b97f4a7c15ull + 3) | 1; }
ACTGEN_INLINE Word key_of_block(Word block, bool raw) { return key_of(~block, raw); }

template <typename T>
ACTGEN_INLINE Word bits_of(T a) {
  return actgen::to_bits(a != a ? actgen::not_a_number<T>() : a);
}
ACTGEN_INLINE Word bits_of(unsigned short a) { return a; }

// Of eight numbers three are any bits, four of moderate size, and one is infinite, NaN, or a small multiple of 1/2.
template <typename T>
ACTGEN_INLINE T sampled(Word number) {
  using Bits = actgen::BitsOf<T>;
  constexpr int FRACTION = actgen::Format<T>::FRACTION;
  Word random = mixed(number * 0x9e3779b97f4a7c15ull + 1), choice = mixed(random + 0x9e3779b97f4a7c15ull);
  Bits bits = Bits(random >> (64 - 8 * sizeof(T))), small = Bits(choice >> 8 & 15);
  Bits exponent = actgen::Format<T>::BIAS - 20 + Bits(choice >> 8 & 31);
  Bits outside = (bits & actgen::SIGN<T>) | (bits & ((Bits(1) << FRACTION) - 1));
  T moderate = actgen::from_bits(Bits(outside | exponent << FRACTION));
  T special = small == 15 ? actgen::infinity<T>() : small == 14 ? actgen::not_a_number<T>() : T(0.5) * T(int(small));
  special = actgen::copysign(special, actgen::from_bits(bits));
  Word kind = choice & 7;
  return kind == 0 ? special : kind < 5 ? moderate : actgen::from_bits(bits);
}

// Which inputs a function of so many numbers is taken at.
template <typename T, int INPUTS>
struct Inputs {
  static constexpr bool EVERY = sizeof(T) == 4 && INPUTS == 1;
  static constexpr Word SIZE = EVERY ? 1ull << 32 : 1ull << 28;
  ACTGEN_INLINE void at(Word number, T* x) {
    if constexpr (EVERY) {
      x[0] = actgen::from_bits(actgen::BitsOf<T>(number));
    } else {
      for (int k = 0; k < INPUTS; ++k) x[k] = sampled<T>(number * INPUTS + k);
    }
  }
};
template <>
struct Inputs<unsigned short, 1> {
  static constexpr Word SIZE = 1 << 16;
  ACTGEN_INLINE void at(Word number, unsigned short* x) { x[0] = (unsigned short)number; }
};

// What is looked at: functions of INPUTS numbers of type In, with RESULTS numbers of type Out.
template <typename T, int COUNT, bool HAS_ANGLES = false>
struct Simple {
  using In = T;
  using Out = T;
  static constexpr int INPUTS = COUNT, RESULTS = 1;
  static constexpr bool CAN_BE_FAR = HAS_ANGLES;
  ACTGEN_INLINE bool far(const T* x, const T*) { return actgen::is_far(x[0]); }
};
#define BITS_FUNCTION(name, inputs, angles, ...)                             \
  template <typename T>                                                      \
  struct of_##name : Simple<T, inputs, angles> {                             \
    template <actgen::Reach REACH>                                                      \
    ACTGEN_INLINE void run(const T* x, const T*, T* y) { y[0] = __VA_ARGS__; } \
  };
#define BITS_UNARY(name) BITS_FUNCTION(name, 1, false, actgen::name(x[0]))
#define BITS_WITHIN(name, angles) BITS_FUNCTION(name, 1, angles, [&] { actgen::Range<T, REACH> r; return actgen::name(r, x[0]); }())
#define BITS_RANGED(name) BITS_WITHIN(name, false)
#define BITS_ANGULAR(name) BITS_WITHIN(name, true)
#define BITS_BINARY(name) BITS_FUNCTION(name, 2, false, actgen::name(x[0], x[1]))
#define UNARY(X) X(log2) X(tanh) X(asinh) X(acosh) X(atanh) X(sinpi) X(cospi) X(atan) X(asin) X(acos) X(cbrt) X(sqrt)
#define RANGED(X) \
  X(exp) X(expm1) X(log) X(log1p) X(sigmoid) X(softplus) X(logsigmoid) X(sinh) X(cosh) X(sech) X(erf) X(erfc)
#define ANGULAR(X) X(sin) X(cos) X(tan)
#define BINARY(X) X(pow) X(atan2) X(hypot) X(logaddexp)
UNARY(BITS_UNARY)
RANGED(BITS_RANGED)
ANGULAR(BITS_ANGULAR)
BINARY(BITS_BINARY)

// The outputs of an activation, then their partial derivatives.
template <typename Element, typename T>
struct Activation {
  using In = T;
  using Out = T;
  static constexpr int INPUTS = Element::INPUTS, OUTPUTS = Element::OUTPUTS;
  static constexpr int RESULTS = OUTPUTS * (1 + INPUTS + Element::PARAMETERS);
  static constexpr bool CAN_BE_FAR = Element::CAN_BE_FAR;
  static_assert(Element::PARAMETERS <= MOST_PARAMETERS, "more parameters than there are places for");
  ACTGEN_INLINE bool far(const T* x, const T* p) { return Element::template far<T, double>(x, p); }
  template <actgen::Reach REACH>
  ACTGEN_INLINE void run(const T* x, const T* p, T* y) {
    actgen::outputs_of<Element, REACH>(x, p, y);
    actgen::partials_of<Element, REACH>(x, p, y + OUTPUTS);
  }
};

// Numbers of 16 bits as they are read, and as they are written.
template <typename Storage>
struct Loaded : Simple<float, 1> {
  using In = unsigned short;
  template <actgen::Reach REACH>
  ACTGEN_INLINE void run(const In* x, const In*, float* y) { y[0] = actgen::loaded(Storage{x[0]}); }
};
template <typename Storage>
struct Stored : Simple<float, 1> {
  using Out = unsigned short;
  template <actgen::Reach REACH>
  ACTGEN_INLINE void run(const float* x, const float*, Out* y) {
    Storage stored;
    actgen::store(stored, x[0]);
    y[0] = stored.bits;
  }
};

template <typename Item>
constexpr int VALUES = Item::INPUTS + Item::RESULTS;

#ifdef __CUDACC__

void checked(cudaError_t error) {
  if (error == cudaSuccess) return;
  std::fprintf(stderr, "%s\n", cudaGetErrorString(error));
  std::exit(1);
}

template <typename Item>
__global__ void part_sums(Query query, Word* sums) {
  using In = typename Item::In;
  using Out = typename Item::Out;
  In p[MOST_PARAMETERS];
  for (int k = 0; k < MOST_PARAMETERS; ++k) p[k] = In(query.parameters.at[k]);
  bool raw = query.count <= PARTS;
  Word mine[VALUES<Item>] = {}, part = blockIdx.y, start = start_of(part, query.count);
  Word count = start_of(part + 1, query.count) - start;
  for (Word i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
    Word number = query.first + (start + i) * query.step;
    In x[Item::INPUTS];
    Out y[Item::RESULTS];
    Inputs<In, Item::INPUTS>::at(number, x);
    bool far = false;
    if constexpr (Item::CAN_BE_FAR) far = Item::far(x, p);
    if (far) {
      if constexpr (Item::CAN_BE_FAR) Item::template run<actgen::FAR>(x, p, y);
    } else {
      Item::template run<actgen::GUARDED>(x, p, y);
    }
    Word key = key_of(i % BLOCK, raw) * key_of_block(i / BLOCK, raw);
    for (int k = 0; k < Item::INPUTS; ++k) mine[k] += bits_of(x[k]) * key;
    for (int k = 0; k < Item::RESULTS; ++k) mine[Item::INPUTS + k] += bits_of(y[k]) * key;
  }
  for (int k = 0; k < VALUES<Item>; ++k) atomicAdd(&sums[k * PARTS + part], mine[k]);
}

template <typename Item>
double summed(const Query& query, Word* sums) {
  constexpr size_t SIZE = VALUES<Item> * PARTS * sizeof(Word);
  Word* there;
  cudaEvent_t events[2];
  float milliseconds;
  checked(cudaMalloc(&there, SIZE));
  checked(cudaMemset(there, 0, SIZE));
  for (cudaEvent_t& event : events) checked(cudaEventCreate(&event));
  checked(cudaEventRecord(events[0]));
  part_sums<Item><<<dim3(32, PARTS), 256>>>(query, there);
  checked(cudaGetLastError());
  checked(cudaEventRecord(events[1]));
  checked(cudaMemcpy(sums, there, SIZE, cudaMemcpyDeviceToHost));
  checked(cudaEventElapsedTime(&milliseconds, events[0], events[1]));
  for (cudaEvent_t event : events) checked(cudaEventDestroy(event));
  checked(cudaFree(there));
  return milliseconds;
}

#else

template <typename Item, actgen::Reach REACH>
ACTGEN_INLINE void run_loop(const typename Item::In (*x)[BLOCK], const typename Item::In* p, typename Item::Out (*y)[BLOCK]) {
  for (int i = 0; i < BLOCK; ++i) {
    typename Item::In arguments[Item::INPUTS];
    typename Item::Out results[Item::RESULTS];
    for (int k = 0; k < Item::INPUTS; ++k) arguments[k] = x[k][i];
    Item::template run<REACH>(arguments, p, results);
    for (int k = 0; k < Item::RESULTS; ++k) y[k][i] = results[k];
  }
}
// As the driver of kernels does it: a block in which an angle is large takes the variant for those throughout.
template <typename Item>
ACTGEN_INLINE bool any_far(const typename Item::In (*x)[BLOCK], const typename Item::In* p) {
  int any = 0;
  for (int i = 0; i < BLOCK; ++i) {
    typename Item::In arguments[Item::INPUTS];
    for (int k = 0; k < Item::INPUTS; ++k) arguments[k] = x[k][i];
    any |= Item::far(arguments, p);
  }
  return any;
}

template <typename T>
ACTGEN_INLINE Word sum_of(const T* values, const Word* keys) {
  Word sum = 0;
  for (int i = 0; i < BLOCK; ++i) sum += bits_of(values[i]) * keys[i];
  return sum;
}

template <typename Item>
void part_sums(const Query& query, int part, Word* sums) {
  using In = typename Item::In;
  In p[MOST_PARAMETERS], x[Item::INPUTS][BLOCK];
  typename Item::Out y[Item::RESULTS][BLOCK];
  for (int k = 0; k < MOST_PARAMETERS; ++k) p[k] = In(query.parameters.at[k]);
  bool raw = query.count <= PARTS;
  Word keys[BLOCK], start = start_of(part, query.count), count = start_of(part + 1, query.count) - start;
  for (int i = 0; i < BLOCK; ++i) keys[i] = key_of(i, raw);
  for (Word block = 0; block * BLOCK < count; ++block) {
    Word first = query.first + (start + block * BLOCK) * query.step;
    for (int i = 0; i < BLOCK; ++i) {
      In arguments[Item::INPUTS];
      Inputs<In, Item::INPUTS>::at(first + i * query.step, arguments);
      for (int k = 0; k < Item::INPUTS; ++k) x[k][i] = arguments[k];
    }
    bool far = false;
    if constexpr (Item::CAN_BE_FAR) far = any_far<Item>(x, p);
    if (far) {
      if constexpr (Item::CAN_BE_FAR) run_loop<Item, actgen::FAR>(x, p, y);
    } else {
      run_loop<Item, actgen::GUARDED>(x, p, y);
    }
    Word key = key_of_block(block, raw);
    for (Word i = count - block * BLOCK; i < BLOCK; ++i) keys[i] = 0;
    for (int k = 0; k < Item::INPUTS; ++k) sums[k * PARTS + part] += key * sum_of(x[k], keys);
    for (int k = 0; k < Item::RESULTS; ++k) sums[(Item::INPUTS + k) * PARTS + part] += key * sum_of(y[k], keys);
  }
}

template <typename Item>
double summed(const Query& query, Word* sums) {
  auto start = std::chrono::steady_clock::now();
  std::memset(sums, 0, VALUES<Item> * PARTS * sizeof(Word));
  std::atomic<int> next{0};
  auto work = [&] {
    for (int part; (part = next++) < PARTS;) part_sums<Item>(query, part, sums);
  };
  unsigned count = std::thread::hardware_concurrency();
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < (count ? count : 1); ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

#endif

struct Entry {
  const char* name;
  Word size;
  int values;
  Parameters parameters;
  double (*summed)(const Query&, Word*);
};
template <typename Item>
constexpr Entry entry(const char* name, Parameters parameters = {}) {
  return {name, Inputs<typename Item::In, Item::INPUTS>::SIZE, VALUES<Item>, parameters, summed<Item>};
}

#define BITS_ENTRIES(name) entry<of_##name<float>>(#name ".float"), entry<of_##name<double>>(#name ".double"),
#define BITS_ACTIVATION(name, ...)                                                                     \
  entry<Activation<actgen_kernels::name, float>>("activation:" #name ".float", Parameters{{__VA_ARGS__}}), \
  entry<Activation<actgen_kernels::name, double>>("activation:" #name ".double", Parameters{{__VA_ARGS__}}),
const Entry ENTRIES[] = {
#ifndef BITS_ACTIVATIONS_ALONE
    UNARY(BITS_ENTRIES) RANGED(BITS_ENTRIES) ANGULAR(BITS_ENTRIES) BINARY(BITS_ENTRIES)
#endif
    entry<Loaded<actgen::Bfloat16>>("load.bfloat16"),
    entry<Loaded<actgen::Float16>>("load.float16"),
    entry<Stored<actgen::Bfloat16>>("store.bfloat16"),
    entry<Stored<actgen::Float16>>("store.float16"),
    BITS_ACTIVATIONS(BITS_ACTIVATION)
};

void answer(const Entry& entry, Query query) {
  constexpr int MOST_VALUES = 64;
  static Word sums[MOST_VALUES * PARTS];
  if (entry.values > MOST_VALUES) return;
  query.parameters = entry.parameters;
  std::printf("%.3f", entry.summed(query, sums));
  for (int i = 0; i < entry.values * PARTS; ++i) std::printf(" %llx", sums[i]);
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int main(int count, char**) {
  if (count < 2) {
    for (const Entry& entry : ENTRIES) std::printf("%s %llu %d\n", entry.name, entry.size, entry.values);
    return 0;
  }
  char name[64];
  Query query = {};
  while (std::scanf("%63s %llu %llu %llu", name, &query.first, &query.count, &query.step) == 4) {
    for (const Entry& entry : ENTRIES)
      if (std::strcmp(entry.name, name) == 0) answer(entry, query);
  }
  return 0;
}
