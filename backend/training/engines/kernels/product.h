// Products of matrices. The right one is packed into panels that stay in the fast memory; a tile of sums stays in registers.
#pragma once
#include <memory>
#include "parallel.h"
#include "vector.h"

namespace goya {

/// Rows and vectors of a tile: with the panel's vectors and one number of the left matrix they fill the registers.
#if defined(__AVX512F__)
constexpr int tileRows = 14;
#else
constexpr int tileRows = 6;
#endif
constexpr int panelVectors = 2;
constexpr int panelWidth = panelVectors * lanes;
/// Rows of the right matrix that are packed at once.
constexpr int64_t mostDepth = 384;

/// A matrix by its strides.
struct Matrix {
  const float* data;
  int64_t row, column;
};

/// Room that is written before it is read.
class Scratch {
 public:
  explicit Scratch(int64_t count) : data_(new float[count]) {}
  float* get() const { return data_.get(); }

 private:
  std::unique_ptr<float[]> data_;
};

/// `to [rows, vectors · lanes] = a [rows, depth] · b [depth, vectors · lanes]`, or that added to it with `more`.
/// b's rows are `bRow` apart, to's `toRow`. At most `tileRows` rows and `panelVectors` vectors.
void tile(int64_t rows, int64_t vectors, const Matrix& a, const float* b, int64_t bRow, int64_t depth, float* to,
          int64_t toRow, bool more);

/// Columns `[first, first + width)` of b, `depth` rows, into a panel, filled up with zeros.
void pack(const Matrix& b, int64_t depth, int64_t first, int64_t width, float* to);

/// A whole matrix `[depth, columns]` in panels.
class Panels {
 public:
  Panels(const Matrix& from, int64_t depth, int64_t columns)
      : depth(depth), columns(columns), count((columns + panelWidth - 1) / panelWidth),
        data_(count * depth * panelWidth) {
    for (int64_t i = 0; i < count; i++) {
      const int64_t first = i * panelWidth;
      pack(from, depth, first, std::min<int64_t>(panelWidth, columns - first), data_.get() + first * depth);
    }
  }
  const float* panel(int64_t at) const { return data_.get() + at * depth * panelWidth; }

  const int64_t depth, columns, count;

 private:
  Scratch data_;
};

/// `to [rows, columns] = a [rows, depth] · b [depth, columns]`, or that added to it; by the caller alone.
void product(const Matrix& a, const Panels& b, int64_t rows, float* to, int64_t toRow, bool more = false);

/// The same for whole panels: rows of `to` are `b.count · panelWidth` long.
inline void product(const Matrix& a, const Panels& b, int64_t rows, float* to) {
  const int64_t toRow = b.count * panelWidth;
  for (int64_t i = 0; i < b.count; i++)
    for (int64_t row = 0; row < rows; row += tileRows)
      tile(std::min<int64_t>(tileRows, rows - row), panelVectors, {a.data + row * a.row, a.row, a.column}, b.panel(i),
           panelWidth, b.depth, to + row * toRow + i * panelWidth, toRow, false);
}

/// Sizes of a product. Several groups of rows: as many matrices, `aGroup` and `toGroup` apart, with one right matrix.
struct Sizes {
  int64_t rows, columns, depth;
  int64_t groups = 1, aGroup = 0, toGroup = 0;
};

/// What becomes of the sums: `finish(at, first, width)` for each piece of a row that holds columns `[first, first + width)`.
using Finish = void (*)(const void* how, float* at, int64_t first, int64_t width);

void multiply(const Sizes& sizes, const Matrix& a, const Matrix& b, float* to, int64_t toRow, bool more, Finish finish,
              const void* how);

/// `to = a · b`, or that added to it, shared out among threads.
inline void multiply(const Sizes& sizes, const Matrix& a, const Matrix& b, float* to, int64_t toRow, bool more = false) {
  multiply(sizes, a, b, to, toRow, more, nullptr, nullptr);
}

/// `to = a · b + bias`, cut off at 0 with `relu`. Without a bias where it is null.
void multiplyAndShift(const Sizes& sizes, const Matrix& a, const Matrix& b, float* to, int64_t toRow, const float* bias,
                      bool relu);

}  // namespace goya
