// Compares a kernel in float with itself in double, at consecutive bit patterns of float. One input, one set of parameters.
//
// Before this file come the element header, and the macro ACTGEN_ELEMENT (its struct). Results are the outputs, then the
// partial derivatives. Errors are in ulps of the float next to the result in double, as `ulp.py` has them.
#include "element.h"

#include <cstdint>

namespace actgen_check {

using Element = ACTGEN_ELEMENT;

constexpr int OUTPUTS = Element::OUTPUTS, PARTIALS = OUTPUTS * (1 + Element::PARAMETERS), RESULTS = OUTPUTS + PARTIALS;
constexpr int SLOTS = Element::PARAMETERS > 0 ? Element::PARAMETERS : 1;
constexpr int EDGES = 6;
constexpr double HISTOGRAM[EDGES] = {0.5, 0.6, 1, 4, 16, 1024};  // as in judging.py
constexpr long BLOCK = 512;
static_assert(Element::INPUTS == 1, "there are 2^64 pairs of floats");

// What is asked for, and found. Arrays have a row for each result.
struct Range {
  std::uint64_t first, count;    // bit patterns, in whole groups
  std::uint64_t group;           // in whole blocks; of each the worst that is not odd is found
  const double* parameters;
  const double* threshold;       // ulps beyond which a result is odd; so is one of a wrong kind
  std::uint64_t capacity;        // of a row of the list
  std::uint64_t* histogram;      // EDGES + 1 numbers: up to each edge, and beyond
  double* worst;                 // of each group, among those up to the threshold
  std::uint32_t* where;
  std::uint64_t* odd;            // how many
  std::uint32_t* list;           // the first of them
};

template <typename T>
struct Block {
  T results[RESULTS][BLOCK];
};

template <typename T>
ACTGEN_INLINE T input(std::uint32_t first, long i) {
  return T(actgen::from_bits((unsigned int)(first + std::uint32_t(i))));
}

template <actgen::Reach REACH, typename T>
static __attribute__((noinline)) void evaluate(std::uint32_t first, const T (&given)[SLOTS], Block<T>& block) {
  for (long i = 0; i < BLOCK; ++i) {
    T x[1] = {input<T>(first, i)}, y[OUTPUTS];
    actgen::outputs_of<Element, REACH>(x, given, y);
    for (int k = 0; k < OUTPUTS; ++k) block.results[k][i] = y[k];
  }
  for (long i = 0; i < BLOCK; ++i) {
    T x[1] = {input<T>(first, i)}, d[PARTIALS];
    actgen::partials_of<Element, REACH>(x, given, d);
    for (int k = 0; k < PARTIALS; ++k) block.results[OUTPUTS + k][i] = d[k];
  }
}

template <typename T>
static void parameters_of(const double* parameters, T (&given)[SLOTS]) {
  for (int k = 0; k < SLOTS; ++k) given[k] = k < Element::PARAMETERS ? T(parameters[k]) : T(0);
}

// Which elements are far in a format, and whether any is.
template <typename T>
static bool find_far(std::uint32_t first, const T (&given)[SLOTS], bool (&far)[BLOCK]) {
  bool any = false;
  for (long i = 0; i < BLOCK; ++i) {
    T x[1] = {input<T>(first, i)};
    far[i] = Element::template far<T, double>(x, given);
    any |= far[i];
  }
  return any;
}

static void fill_wide(std::uint32_t first, const double* parameters, Block<double>& block) {
  double given[SLOTS];
  bool far[BLOCK];
  parameters_of(parameters, given);
  if constexpr (Element::CAN_BE_FAR)
    if (find_far(first, given, far)) return evaluate<actgen::FAR>(first, given, block);
  evaluate<actgen::GUARDED>(first, given, block);
}

static bool same_bits(const Block<float>& a, const Block<float>& b) {
  bool same = true;
  for (int k = 0; k < RESULTS; ++k)
    for (long i = 0; i < BLOCK; ++i) {
      float one = a.results[k][i], other = b.results[k][i];
      same &= actgen::to_bits(one) == actgen::to_bits(other) || (one != one && other != other);
    }
  return same;
}

// Whether all are ordinary elements, computed as the driver does those.
static __attribute__((noinline)) bool evaluate_near(std::uint32_t first, const float (&given)[SLOTS], Block<float>& block) {
  unsigned int beyond = 0;
  for (long i = 0; i < BLOCK; ++i) {
    float x[1] = {input<float>(first, i)}, y[OUTPUTS];
    actgen::outputs_near<Element>(x, given, y, beyond);
    for (int k = 0; k < OUTPUTS; ++k) block.results[k][i] = y[k];
  }
  for (long i = 0; i < BLOCK; ++i) {
    float x[1] = {input<float>(first, i)}, d[PARTIALS];
    actgen::partials_near<Element>(x, given, d, beyond);
    for (int k = 0; k < PARTIALS; ++k) block.results[OUTPUTS + k][i] = d[k];
  }
  return !(beyond >> 31);
}

// Of a group, whether a far element in float was seen to be what it is in double, rounded.
enum class Seen { NOTHING, SAME, ANOTHER };

// In float. A far element is computed in double, which takes most of the time and is done for `wide` already: its results
// are taken from there, unless the first such block of the group, computed as it is everywhere else, says otherwise.
static void fill_narrow(std::uint32_t first, const double* parameters, const Block<double>& wide, Seen& seen,
                        Block<float>& block) {
  float given[SLOTS];
  bool far[BLOCK];
  parameters_of(parameters, given);
  bool any = false;
  if constexpr (Element::HAS_GUARDS)
    if (evaluate_near(first, given, block)) return;
  if constexpr (Element::CAN_BE_FAR) any = find_far(first, given, far);
  if (any && seen == Seen::ANOTHER) return evaluate<actgen::FAR>(first, given, block);
  evaluate<actgen::GUARDED>(first, given, block);
  if (!any) return;
  for (int k = 0; k < RESULTS; ++k)
    for (long i = 0; i < BLOCK; ++i) block.results[k][i] = far[i] ? float(wide.results[k][i]) : block.results[k][i];
  if (seen == Seen::SAME) return;
  static thread_local Block<float> whole;
  evaluate<actgen::FAR>(first, given, whole);
  seen = same_bits(block, whole) ? Seen::SAME : Seen::ANOTHER;
  if (seen == Seen::ANOTHER) block = whole;
}

// Ulps, NaN where there is no distance; `odd` says of which results something is wrong but the distance.
static __attribute__((noinline)) void compare(const float* results, const double* truths, double* ulps, double* odd) {
  for (long i = 0; i < BLOCK; ++i) {
    double got = double(results[i]), truth = truths[i], size = actgen::abs(truth);
    double binade = actgen::from_bits(actgen::to_bits(truth) & 0x7ff0000000000000ull);
    double error = actgen::abs(got - truth) / (actgen::at_least(binade, 0x1p-126) * 0x1p-23);
    bool opposite = (actgen::to_bits(got) ^ actgen::to_bits(truth)) >> 63;
    bool brim = size >= 0x1.fffffep127 * (1 - 0x1p-23);
    bool same = (!(got == got) & !(truth == truth)) | (actgen::is_infinite(got) & brim & !opposite);
    bool zeroed = (got == 0) & (size >= 0x1p-126);
    bool turned = opposite & (got != 0) & (size >= 0x1p-149);
    ulps[i] = same ? 0.0 : error;
    odd[i] = zeroed | turned ? 1.0 : 0.0;
  }
}

static __attribute__((noinline)) void count(const double* ulps, std::uint64_t* histogram) {
  std::uint64_t below = 0;
  for (int edge = 0; edge < EDGES; ++edge) {
    std::uint64_t up_to = 0;
    for (long i = 0; i < BLOCK; ++i) up_to += ulps[i] <= HISTOGRAM[edge];
    histogram[edge] += up_to - below;
    below = up_to;
  }
  histogram[EDGES] += std::uint64_t(BLOCK) - below;
}

// The largest distance of those up to the threshold.
static double largest(const double* ulps, double threshold) {
  double lanes[8] = {-1, -1, -1, -1, -1, -1, -1, -1};
  for (long i = 0; i < BLOCK; i += 8)
    for (int lane = 0; lane < 8; ++lane) {
      double held = ulps[i + lane] <= threshold ? ulps[i + lane] : -1;
      lanes[lane] = held > lanes[lane] ? held : lanes[lane];
    }
  double found = -1;
  for (double lane : lanes) found = lane > found ? lane : found;
  return found;
}

static bool any_odd(const double* ulps, const double* odd, double threshold) {
  int any = 0;
  for (long i = 0; i < BLOCK; ++i) any |= !(ulps[i] <= threshold) | (odd[i] != 0);
  return any != 0;
}

static void note(const Range& range, int k, std::uint64_t at, const double* ulps, const double* odd) {
  const bool strange = any_odd(ulps, odd, range.threshold[k]);
  const std::uint64_t place = std::uint64_t(k) * (range.count / range.group) + at / range.group;
  const double here = largest(ulps, range.threshold[k]);
  if (here <= HISTOGRAM[0] && !strange) {
    range.histogram[k * (EDGES + 1)] += std::uint64_t(BLOCK);
  } else {
    count(ulps, range.histogram + k * (EDGES + 1));
  }
  if (here > range.worst[place]) {
    range.worst[place] = here;
    for (long i = BLOCK - 1; i >= 0; --i)
      if (ulps[i] == here) range.where[place] = std::uint32_t(range.first + at + std::uint64_t(i));
  }
  if (!strange) return;
  for (long i = 0; i < BLOCK; ++i) {
    if (ulps[i] <= range.threshold[k] && odd[i] == 0) continue;
    if (range.odd[k] < range.capacity)
      range.list[std::uint64_t(k) * range.capacity + range.odd[k]] = std::uint32_t(range.first + at + std::uint64_t(i));
    ++range.odd[k];
  }
}

}  // namespace actgen_check

extern "C" void actgen_check_floats(const actgen_check::Range* range) {
  using namespace actgen_check;
  static thread_local Block<float> narrow;
  static thread_local Block<double> wide;
  double ulps[BLOCK], odd[BLOCK];
  Seen seen = Seen::NOTHING;
  for (std::uint64_t at = 0; at < range->count; at += BLOCK) {
    if (at % range->group == 0) seen = Seen::NOTHING;
    fill_wide(std::uint32_t(range->first + at), range->parameters, wide);
    fill_narrow(std::uint32_t(range->first + at), range->parameters, wide, seen, narrow);
    for (int k = 0; k < RESULTS; ++k) {
      compare(narrow.results[k], wide.results[k], ulps, odd);
      note(*range, k, at, ulps, odd);
    }
  }
}
