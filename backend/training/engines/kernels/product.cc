#include "product.h"
#include <array>
#include <utility>

namespace goya {

namespace {

template <int rows, int vectors>
void sums(const Matrix& a, const float* b, int64_t bRow, int64_t depth, float* to, int64_t toRow, bool more) {
  Floats sum[rows][vectors];
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++) {
    // The sums are long in coming: meanwhile there is time to fetch where they go.
    __builtin_prefetch(to + r * toRow, 1);
    if (vectors > 1) __builtin_prefetch(to + r * toRow + lanes, 1);
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++) sum[r][v] = Floats{};
  }
  const float* left = a.data;
  const int64_t aRow = a.row, aColumn = a.column;
  for (int64_t k = 0; k < depth; k++) {
    Floats right[vectors];
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++) right[v] = load(b + v * lanes);
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++) {
      const float value = left[r * aRow];
#pragma GCC unroll 2
      for (int v = 0; v < vectors; v++) sum[r][v] += value * right[v];
    }
    left += aColumn;
    b += bRow;
  }
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++) {
      float* at = to + r * toRow + v * lanes;
      store(at, more ? load(at) + sum[r][v] : sum[r][v]);
    }
}

using Sums = void (*)(const Matrix&, const float*, int64_t, int64_t, float*, int64_t, bool);

template <int... rows>
constexpr std::array<Sums, 2 * sizeof...(rows)> allSums(std::integer_sequence<int, rows...>) {
  return {sums<rows + 1, 1>..., sums<rows + 1, 2>...};
}
constexpr auto table = allSums(std::make_integer_sequence<int, tileRows>());

/// A tile whose last columns may not be there.
void someOfTile(int64_t rows, int64_t width, const Matrix& a, const float* b, int64_t depth, float* to, int64_t toRow,
                bool more) {
  const int64_t vectors = width > lanes ? 2 : 1;
  if (width == vectors * lanes) return tile(rows, vectors, a, b, panelWidth, depth, to, toRow, more);
  float room[tileRows * panelWidth];
  tile(rows, vectors, a, b, panelWidth, depth, room, panelWidth, false);
  for (int64_t r = 0; r < rows; r++)
    for (int64_t j = 0; j < width; j++) {
      float& at = to[r * toRow + j];
      at = more ? at + room[r * panelWidth + j] : room[r * panelWidth + j];
    }
}

struct Shift {
  const float* bias;
  bool relu;
};

void shift(const void* how, float* at, int64_t first, int64_t width) {
  const auto [bias, relu] = *static_cast<const Shift*>(how);
  for (int64_t j = 0; j < width; j += lanes) {
    const int64_t left = width - j;
    Floats sum = some(at + j, left);
    if (bias != nullptr) sum += some(bias + first + j, left);
    put(at + j, relu ? most(sum, Floats{}) : sum, left);
  }
}

}  // namespace

void tile(int64_t rows, int64_t vectors, const Matrix& a, const float* b, int64_t bRow, int64_t depth, float* to,
          int64_t toRow, bool more) {
  table[(vectors - 1) * tileRows + rows - 1](a, b, bRow, depth, to, toRow, more);
}

void pack(const Matrix& b, int64_t depth, int64_t first, int64_t width, float* to) {
  if (width < panelWidth) std::fill(to, to + depth * panelWidth, 0.0f);
  if (b.column == 1) {
    for (int64_t k = 0; k < depth; k++)
      std::memcpy(to + k * panelWidth, b.data + k * b.row + first, width * sizeof(float));
    return;
  }
  // In squares: what is read and what is written are both near.
  for (int64_t from = 0; from < depth; from += lanes)
    for (int64_t j = 0; j < width; j++)
      for (int64_t k = from; k < std::min(depth, from + lanes); k++)
        to[k * panelWidth + j] = b.data[k * b.row + (first + j) * b.column];
}

void product(const Matrix& a, const Panels& b, int64_t rows, float* to, int64_t toRow, bool more) {
  for (int64_t i = 0; i < b.count; i++) {
    const int64_t first = i * panelWidth, width = std::min<int64_t>(panelWidth, b.columns - first);
    for (int64_t row = 0; row < rows; row += tileRows)
      someOfTile(std::min<int64_t>(tileRows, rows - row), width, {a.data + row * a.row, a.row, a.column}, b.panel(i),
                 b.depth, to + row * toRow + first, toRow, more);
  }
}

namespace {

/// How a product is cut into parts for threads.
struct Cut {
  int64_t across, down;
};

/// Columns apart where their panels come out even: then no panel is packed twice. Else, or where the left matrix is packed too
/// and is the larger one, rows.
Cut cutOf(int64_t panels, int64_t blocks, bool packsLeft) {
  const int64_t threads = threadCount();
  if (!packsLeft || blocks * tileRows < panels * panelWidth)
    for (int64_t across : {2 * threads, threads})
      if (panels % across == 0 || panels >= 8 * across) return {across, 1};
  return {1, std::max<int64_t>(1, std::min(blocks, packsLeft ? threads : 2 * threads))};
}

/// Rows `[first, first + count)` of a matrix whose columns lie side by side, block after block, each column by column.
void packLeft(const Matrix& a, int64_t first, int64_t count, int64_t depth, float* to) {
  for (int64_t k = 0; k < depth; k++) {
    const float* from = a.data + k * a.column + first;
    int64_t row = 0;
    for (; row + tileRows <= count; row += tileRows)
      std::memcpy(to + row * depth + k * tileRows, from + row, tileRows * sizeof(float));
    if (row < count) std::copy_n(from + row, count - row, to + row * depth + k * tileRows);
  }
}

}  // namespace

void multiply(const Sizes& sizes, const Matrix& a, const Matrix& b, float* to, int64_t toRow, bool more, Finish finish,
              const void* how) {
  const auto [rows, columns, depth, groups, aGroup, toGroup] = sizes;
  const int64_t panels = (columns + panelWidth - 1) / panelWidth;
  const int64_t each = (rows + tileRows - 1) / tileRows, blocks = groups * each;
  const bool packsLeft = a.row == 1 && a.column != 1 && groups == 1;
  const auto [across, down] = cutOf(panels, blocks, packsLeft);
  shareParts(across * down, groups * rows * columns * depth, [&, across = across, down = down](int64_t part) {
    const int64_t fromPanel = panels * (part % across) / across, toPanel = panels * (part % across + 1) / across;
    const int64_t fromBlock = blocks * (part / across) / down, toBlock = blocks * (part / across + 1) / down;
    const int64_t deepest = std::min(depth, mostDepth);
    const Scratch right((toPanel - fromPanel) * panelWidth * deepest);
    const Scratch lefts(packsLeft ? (toBlock - fromBlock) * tileRows * deepest : 0);
    for (int64_t k = 0; k == 0 || k < depth; k += mostDepth) {
      const int64_t deep = std::min(mostDepth, depth - k);
      const auto panelAt = [&](int64_t panel) { return right.get() + (panel - fromPanel) * panelWidth * deep; };
      const auto widthOf = [&](int64_t panel) { return std::min<int64_t>(panelWidth, columns - panel * panelWidth); };
      for (int64_t panel = fromPanel; panel < toPanel; panel++)
        pack({b.data + k * b.row, b.row, b.column}, deep, panel * panelWidth, widthOf(panel), panelAt(panel));
      if (packsLeft) {
        const int64_t first = fromBlock * tileRows, end = std::min(rows, toBlock * tileRows);
        packLeft({a.data + k * a.column, 1, a.column}, first, end - first, deep, lefts.get());
      }
      for (int64_t block = fromBlock; block < toBlock; block++) {
        const int64_t row = block % each * tileRows, count = std::min<int64_t>(tileRows, rows - row);
        const Matrix left = packsLeft
                                ? Matrix{lefts.get() + (block - fromBlock) * tileRows * deep, 1, tileRows}
                                : Matrix{a.data + block / each * aGroup + row * a.row + k * a.column, a.row, a.column};
        for (int64_t panel = fromPanel; panel < toPanel; panel++) {
          const int64_t first = panel * panelWidth, width = widthOf(panel);
          float* at = to + block / each * toGroup + row * toRow + first;
          someOfTile(count, width, left, panelAt(panel), deep, at, toRow, more || k > 0);
          if (finish == nullptr || k + mostDepth < depth) continue;
          for (int64_t r = 0; r < count; r++) finish(how, at + r * toRow, first, width);
        }
      }
    }
  });
}

void multiplyAndShift(const Sizes& sizes, const Matrix& a, const Matrix& b, float* to, int64_t toRow, const float* bias,
                      bool relu) {
  const Shift how{bias, relu};
  const bool is = bias != nullptr || relu;
  multiply(sizes, a, b, to, toRow, false, is ? shift : nullptr, &how);
}

}  // namespace goya
