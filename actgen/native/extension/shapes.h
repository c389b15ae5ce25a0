// How arrays of any shape and strides are outer × channels × inner numbers, and how a GPU goes through them: what
// layout.py and cuda_grids.py say, for a program without Python. Sums have the same bits by way of either.
#ifndef ACTGEN_EXTENSION_SHAPES_H
#define ACTGEN_EXTENSION_SHAPES_H

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "constants.h"

namespace actgen_extension {

using Sizes = std::vector<int64_t>;

inline int64_t product(const Sizes& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t(1), [](int64_t a, int64_t b) { return a * b; });
}

// Arrays of outer × channels × inner numbers, dense; channels is 1 where every parameter has one value.
struct Shape {
  int64_t outer = 1, channels = 1, inner = 1;

  int64_t count() const { return outer * channels * inner; }
  // Whether threads go rather through all channels than through one.
  bool has_short_rows() const { return channels > 1 && inner < SHORTEST_ROW; }
};

// Whether numbers lie side by side, in whatever order of the axes.
inline bool is_dense(const Sizes& sizes, const Sizes& strides) {
  std::vector<std::pair<int64_t, int64_t>> axes;
  for (size_t k = 0; k < sizes.size(); ++k)
    if (sizes[k] != 1) axes.emplace_back(strides[k], sizes[k]);
  std::sort(axes.begin(), axes.end());
  int64_t expected = 1;
  for (auto [stride, size] : axes) {
    if (stride != expected) return false;
    expected *= size;
  }
  return true;
}

inline Sizes contiguous(const Sizes& sizes) {
  Sizes strides(sizes.size());
  int64_t stride = 1;
  for (size_t k = sizes.size(); k-- > 0;) {
    strides[k] = stride;
    stride *= std::max(sizes[k], int64_t(1));
  }
  return strides;
}

// The axis that parameters vary along, counted from the last, which is 1; 0 if they all have one value; -1 where they
// vary along several, or widen the array.
inline int channel_axis(const Sizes& sizes, const std::vector<Sizes>& parameters) {
  int axis = 0;
  for (const Sizes& shape : parameters) {
    if (shape.size() > sizes.size()) return -1;
    for (int place = 1; place <= int(shape.size()); ++place) {
      int64_t size = shape[shape.size() - place];
      if (size == 1) continue;
      if (size != sizes[sizes.size() - place] || (axis != 0 && axis != place)) return -1;
      axis = place;
    }
  }
  return axis;
}

// The shape of a dense array; false if no kernel can run for the parameters' shapes.
inline bool find_shape(const Sizes& sizes, const Sizes& strides, const std::vector<Sizes>& parameters, Shape& found) {
  int axis = channel_axis(sizes, parameters);
  if (axis < 0) return false;
  int64_t count = product(sizes);
  found = {1, 1, count};
  if (axis == 0) return true;
  found.channels = sizes[sizes.size() - axis];
  found.inner = count ? strides[sizes.size() - axis] : 1;
  found.outer = count ? count / (found.channels * found.inner) : 0;
  return true;
}

// How one launch goes through an array, see cuda_rows.cuh and cuda_columns.cuh.
struct Grid {
  int64_t blocks, rows, length, parts, columns;
};

inline int64_t divided_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

inline Grid grid_of_rows(const Shape& shape, int64_t most) {
  int64_t pieces = 1, length = std::max(shape.inner, int64_t(1)), rows = 1;
  if (shape.inner > most) {
    pieces = divided_up(shape.inner, most);
    length = most;
  } else {
    rows = std::max(std::min(shape.outer, most / length), int64_t(1));
  }
  int64_t groups = shape.inner ? divided_up(shape.outer, rows) : 0;
  return {groups * pieces * shape.channels, rows, length, groups * pieces, shape.channels};
}

// A row is whole periods of the channels, in whole accesses, and in whole strips unless it would be too long.
inline Grid grid_of_columns(const Shape& shape, int64_t width, int64_t rows) {
  int64_t period = shape.channels * shape.inner, strip = WARP * width, length = std::lcm(period, strip);
  if (length > WIDEST) {
    length = std::lcm(period, width);
    length *= divided_up(strip, length);
  }
  int64_t groups = divided_up(shape.count(), length * rows);
  return {groups * divided_up(length, strip), rows, length, groups, length};
}

// The grid for an array whose numbers have so many bytes.
inline Grid grid_of(const Shape& shape, int64_t bytes) {
  int64_t width = ACCESS / bytes;
  int64_t accesses = std::min(std::max(shape.count() / (THREADS * width * BLOCKS), int64_t(1)), LONGEST);
  if (shape.has_short_rows()) return grid_of_columns(shape, width, accesses * THREADS / WARP);
  return grid_of_rows(shape, accesses * THREADS * width);
}

// Blocks that add up the sums for parameters whose gradient is asked for.
inline int64_t gradient_blocks(int64_t channels, const std::vector<bool>& per_channel) {
  int64_t blocks = 0;
  for (bool many : per_channel) blocks += many ? divided_up(channels, WARP) : 1;
  return blocks;
}

}  // namespace actgen_extension

#endif
