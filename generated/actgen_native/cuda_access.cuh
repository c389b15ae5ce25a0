// Accesses of 128 bits to arrays in global memory, and what takes their place where an array, or its end, does not fit.
#ifndef ACTGEN_CUDA_ACCESS_CUH
#define ACTGEN_CUDA_ACCESS_CUH

#include "formats.h"

namespace actgen {

using Storage = ACTGEN_STORAGE;
constexpr int WIDTH = 16 / sizeof(Storage);  // numbers of one access

// Numbers that lie side by side.
struct alignas(16) Vector {
  Storage at[WIDTH];
};

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
#else
ACTGEN_INLINE Vector read_whole(const Storage* from) { return *reinterpret_cast<const Vector*>(from); }
ACTGEN_INLINE void write_whole(Storage* to, const Vector& numbers) { *reinterpret_cast<Vector*>(to) = numbers; }
#endif

// Whether an access may be one: the numbers from `index` on are between `first` and `end`, and lie as it must.
ACTGEN_INLINE bool is_whole(const Storage* from, long long index, long long first, long long end) {
  return (unsigned long long)from % sizeof(Vector) == 0 && index >= first && index + WIDTH <= end;
}

// The numbers from `index` on, which is a multiple of WIDTH; 0 for those that are not from `first` up to `end`.
ACTGEN_INLINE Vector read_vector(const Storage* from, long long index, long long first, long long end) {
  if (is_whole(from, index, first, end)) return read_whole(from + index);
  Vector found = {};
#pragma unroll
  for (int lane = 0; lane < WIDTH; ++lane)
    if (index + lane >= first && index + lane < end) found.at[lane] = from[index + lane];
  return found;
}
ACTGEN_INLINE void write_vector(Storage* to, const Vector& numbers, long long index, long long first, long long end) {
  if (is_whole(to, index, first, end)) return write_whole(to + index, numbers);
#pragma unroll
  for (int lane = 0; lane < WIDTH; ++lane)
    if (index + lane >= first && index + lane < end) to[index + lane] = numbers.at[lane];
}

}  // namespace actgen

#endif
