// Products of matrices too small for a library: the right one is packed into panels once, and may be used many times.
#pragma once
#include <vector>
#include "vector.h"

namespace goya {

/// Columns of a panel, and rows that are summed at once: their sums fill the registers of AVX-512, half of them with AVX2.
constexpr int panelWidth = 2 * lanes;
constexpr int rowsAtOnce = 8;

/// A matrix `[depth, columns]` in panels of `panelWidth` columns, the last filled up with zeros.
class Panels {
 public:
  Panels(const float* from, int64_t depth, int64_t columns, int64_t rowStride, int64_t columnStride)
      : depth(depth), columns(columns), count((columns + panelWidth - 1) / panelWidth),
        data_(count * depth * panelWidth) {
    for (int64_t panel = 0; panel < count; panel++) {
      const int64_t first = panel * panelWidth;
      const int64_t width = columns - first < panelWidth ? columns - first : panelWidth;
      float* to = data_.data() + panel * depth * panelWidth;
      if (columnStride == 1) {
        for (int64_t k = 0; k < depth; k++)
          std::memcpy(to + k * panelWidth, from + k * rowStride + first, width * sizeof(float));
      } else {
        for (int64_t j = 0; j < width; j++)
          for (int64_t k = 0; k < depth; k++) to[k * panelWidth + j] = from[k * rowStride + (first + j) * columnStride];
      }
    }
  }
  const float* panel(int64_t at) const { return data_.data() + at * depth * panelWidth; }

  const int64_t depth;
  const int64_t columns;
  const int64_t count;

 private:
  std::vector<float> data_;
};

/// The left matrix, or the result, by its strides.
struct Strided {
  const float* data;
  int64_t row;
  int64_t column;
};

template <int rows, typename Finish>
inline void block(const Strided& a, const Panels& b, int64_t row, int64_t panel, const Finish& finish) {
  Floats left[rows], right[rows];
  for (int r = 0; r < rows; r++) left[r] = right[r] = Floats{};
  const float* columns = b.panel(panel);
  const float* from = a.data + row * a.row;
  for (int64_t k = 0; k < b.depth; k++) {
    const Floats first = load(columns + k * panelWidth);
    const Floats second = load(columns + k * panelWidth + lanes);
    for (int r = 0; r < rows; r++) {
      const float value = from[r * a.row + k * a.column];
      left[r] += value * first;
      right[r] += value * second;
    }
  }
  for (int r = 0; r < rows; r++) finish(row + r, panel, left[r], right[r]);
}

/// Sums of `a · b` for rows `[from, to)`; `finish(row, panel, left, right)` gets each row's `panelWidth` sums.
template <typename Finish>
inline void product(const Strided& a, const Panels& b, int64_t from, int64_t to, const Finish& finish) {
  for (int64_t panel = 0; panel < b.count; panel++) {
    int64_t row = from;
    for (; row + rowsAtOnce <= to; row += rowsAtOnce) block<rowsAtOnce>(a, b, row, panel, finish);
    for (; row + 4 <= to; row += 4) block<4>(a, b, row, panel, finish);
    for (; row < to; row++) block<1>(a, b, row, panel, finish);
  }
}

/// Writes a panel's sums into a row of a matrix with `columns` columns.
inline void write(float* row, int64_t columns, int64_t panel, Floats left, Floats right) {
  const int64_t first = panel * panelWidth;
  if (first + panelWidth <= columns) {
    store(row + first, left);
    store(row + first + lanes, right);
    return;
  }
  for (int64_t j = 0; j < lanes && first + j < columns; j++) row[first + j] = left[j];
  for (int64_t j = 0; j < lanes && first + lanes + j < columns; j++) row[first + lanes + j] = right[j];
}

}  // namespace goya
