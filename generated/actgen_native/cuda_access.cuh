// Accesses of 128 bits to arrays in global memory, and what takes their place where an array, or its end, does not fit.
#ifndef ACTGEN_CUDA_ACCESS_CUH
#define ACTGEN_CUDA_ACCESS_CUH

#include "formats.h"

namespace actgen {

using Storage = ACTGEN_STORAGE;
constexpr int WIDTH = 16 / sizeof(Storage);  // numbers of one access

// The numbers of one access are computed in turns, so many side by side as the registers of a thread hold well.
constexpr bool IS_LONG = ACTGEN_LINES > 400;  // an element's text
constexpr int MOST = IS_LONG ? 1 : 4, LEAST = sizeof(Storage) < 4 ? 2 : 1;
constexpr int SIDE = WIDTH < MOST ? WIDTH : MOST < LEAST ? LEAST : MOST, TURNS = WIDTH / SIDE;

struct Side {
  Storage at[SIDE];
};
struct alignas(16) Vector {
  Side turns[TURNS];
};
// `turn` is known when the program runs: as an index it would have the vector leave its registers.
ACTGEN_INLINE Side taken(const Vector& from, int turn) {
  constexpr int WORDS = sizeof(Side) / 4;
  unsigned int words[TURNS][WORDS], found[WORDS];
  __builtin_memcpy(words, &from, sizeof from);
#pragma unroll
  for (int k = 0; k < WORDS; ++k) {
    found[k] = words[0][k];
#pragma unroll
    for (int other = 1; other < TURNS; ++other) found[k] = turn == other ? words[other][k] : found[k];
  }
  Side side;
  __builtin_memcpy(&side, found, sizeof side);
  return side;
}
ACTGEN_INLINE void put(Vector& to, int turn, const Side& side) {
#pragma unroll
  for (int other = 0; other < TURNS; ++other)
    if (turn == other) to.turns[other] = side;
}

// The lanes of a vector that are a thread's to take, a bit for each.
using Lanes = unsigned int;
constexpr Lanes ALL_LANES = (1u << WIDTH) - 1;

ACTGEN_INLINE bool has_lane(Lanes lanes, int lane) { return lanes >> lane & 1u; }

// Those whose elements, from `index` on, are from `first` up to `end`.
ACTGEN_INLINE Lanes lanes_between(long long index, long long first, long long end) {
  Lanes lanes = ALL_LANES;
  if (index < first) lanes &= ALL_LANES << (first - index);
  if (index + WIDTH > end) lanes &= ALL_LANES >> (index + WIDTH - end);
  return lanes;
}

#if defined(__CUDA_ARCH__)
// As the compiler would have it, an access that may be one of several numbers is several.
ACTGEN_INLINE Vector read_whole(const Storage* from) {
  unsigned int words[4];
  asm volatile("ld.global.v4.u32 {%0, %1, %2, %3}, [%4];"
               : "=r"(words[0]), "=r"(words[1]), "=r"(words[2]), "=r"(words[3])
               : "l"(from));
  Vector found;
  __builtin_memcpy(&found, words, sizeof found);
  return found;
}
ACTGEN_INLINE void write_whole(Storage* to, const Vector& numbers) {
  unsigned int words[4];
  __builtin_memcpy(words, &numbers, sizeof numbers);
  asm volatile("st.global.v4.u32 [%0], {%1, %2, %3, %4};"
               :
               : "l"(to), "r"(words[0]), "r"(words[1]), "r"(words[2]), "r"(words[3])
               : "memory");
}

// What formats.h does in integers has instructions here, with the same bits but those of NaN.
ACTGEN_INLINE float from_lane(Float16 a) {
  float found;
  asm("cvt.f32.f16 %0, %1;" : "=f"(found) : "h"(a.bits));
  return found;
}
ACTGEN_INLINE void to_lane(Float16& to, float a) { asm("cvt.rn.f16.f32 %0, %1;" : "=h"(to.bits) : "f"(a)); }
ACTGEN_INLINE void to_lane(Bfloat16& to, float a) {
#if __CUDA_ARCH__ >= 800
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(to.bits) : "f"(a));
#else
  store(to, a);
#endif
}
#else
ACTGEN_INLINE Vector read_whole(const Storage* from) { return *reinterpret_cast<const Vector*>(from); }
ACTGEN_INLINE void write_whole(Storage* to, const Vector& numbers) { *reinterpret_cast<Vector*>(to) = numbers; }
ACTGEN_INLINE float from_lane(Float16 a) { return loaded(a); }
template <typename Narrow>
ACTGEN_INLINE void to_lane(Narrow& to, float a) {
  store(to, a);
}
#endif
ACTGEN_INLINE float from_lane(Bfloat16 a) { return loaded(a); }
ACTGEN_INLINE float from_lane(float a) { return a; }
ACTGEN_INLINE double from_lane(double a) { return a; }
ACTGEN_INLINE void to_lane(float& to, double a) { store(to, a); }
ACTGEN_INLINE void to_lane(double& to, double a) { store(to, a); }

// Whether accesses of 128 bits to an array are possible.
ACTGEN_INLINE bool is_aligned(const void* array) { return (unsigned long long)array % sizeof(Vector) == 0; }

// The numbers from `index` on, a multiple of WIDTH; 0 for lanes that are not the thread's. With `whole` all are, in an
// array that is aligned.
ACTGEN_INLINE Vector read_vector(const Storage* from, long long index, Lanes lanes, bool whole) {
  if (whole) return read_whole(from + index);
  Vector found = {};
#pragma unroll
  for (int lane = 0; lane < WIDTH; ++lane)
    if (has_lane(lanes, lane)) found.turns[lane / SIDE].at[lane % SIDE] = from[index + lane];
  return found;
}
ACTGEN_INLINE void write_vector(Storage* to, const Vector& numbers, long long index, Lanes lanes, bool whole) {
  if (whole) return write_whole(to + index, numbers);
#pragma unroll
  for (int lane = 0; lane < WIDTH; ++lane)
    if (has_lane(lanes, lane)) to[index + lane] = numbers.turns[lane / SIDE].at[lane % SIDE];
}

}  // namespace actgen

#endif
