#include "row.h"
#include "parallel.h"
#include "product.h"
#include "vector.h"

namespace goya {

namespace {

/// Rows of the matrix that are read side by side: enough streams for the memory, few enough for the processor to follow.
constexpr int together = 8;
/// Sums that stay in the nearest memory meanwhile.
constexpr int64_t mostSums = 4096;
/// Parts are as many on every machine, and so are the sums.
constexpr int64_t parts = 4;
/// A number of the matrix is waited for as long as so many operations on one at hand.
constexpr int64_t readWork = 8;
/// Where a row of the matrix is longer, threads take columns of it rather than rows: adding their sums up would take longer.
constexpr int64_t wide = 8192;

template <int rows>
void addRows(const float* x, const float* weight, int64_t stride, int64_t count, float* to) {
  int64_t j = 0;
  for (; j + lanes <= count; j += lanes) {
    Floats sum = load(to + j);
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++) sum += x[r] * load(weight + r * stride + j);
    store(to + j, sum);
  }
  for (; j < count; j++)
    for (int r = 0; r < rows; r++) to[j] += x[r] * weight[r * stride + j];
}

/// Adds rows `[from, end)` times their numbers of x, in columns `[first, last)`, to `to`, which begins with the column `first`.
void add(const float* x, const float* weight, int64_t stride, int64_t from, int64_t end, int64_t first, int64_t last, float* to) {
  for (int64_t at = first; at < last; at += mostSums) {
    const int64_t count = std::min(mostSums, last - at);
    int64_t row = from;
    for (; row + together <= end; row += together)
      addRows<together>(x + row, weight + row * stride + at, stride, count, to + at - first);
    for (; row < end; row++) addRows<1>(x + row, weight + row * stride + at, stride, count, to + at - first);
  }
}

void begin(const float* bias, int64_t count, float* to) {
  if (bias == nullptr) std::fill_n(to, count, 0.0f);
  else std::copy_n(bias, count, to);
}

void cut(float* at, int64_t count) {
  for (int64_t j = 0; j < count; j++) at[j] = std::max(at[j], 0.0f);
}

}  // namespace

void rowProduct(const float* x, const float* weight, const float* bias, int64_t in, int64_t out, float* to, bool relu) {
  const int64_t work = in * out * readWork;
  if (out > wide) {
    const int64_t pieces = (out + mostSums - 1) / mostSums;
    return shareParts(pieces, work, [&](int64_t piece) {
      const int64_t first = piece * mostSums, last = std::min(out, first + mostSums);
      begin(bias == nullptr ? nullptr : bias + first, last - first, to + first);
      add(x, weight, out, 0, in, first, last, to + first);
      if (relu) cut(to + first, last - first);
    });
  }
  const Scratch sums(parts * out);
  shareParts(parts, work, [&](int64_t part) {
    float* own = sums.get() + part * out;
    begin(part == 0 ? bias : nullptr, out, own);
    add(x, weight, out, in * part / parts, in * (part + 1) / parts, 0, out, own);
  });
  for (int64_t j = 0; j < out; j++) {
    float sum = 0;
    for (int64_t part = 0; part < parts; part++) sum += sums.get()[part * out + j];
    to[j] = relu ? std::max(sum, 0.0f) : sum;
  }
}

}  // namespace goya
