#include "product.h"
#include <array>
#include <tuple>
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

/// A part of a product: some panels of columns, some blocks of rows, some of the depth.
struct Part {
  int64_t fromPanel, toPanel, fromBlock, toBlock, fromDepth, toDepth;
};

struct Job {
  const Sizes& sizes;
  const Matrix &a, &b;
  Finish finish;
  const void* how;
  int64_t panels() const { return (sizes.columns + panelWidth - 1) / panelWidth; }
  int64_t each() const { return (sizes.rows + tileRows - 1) / tileRows; }
  int64_t blocks() const { return sizes.groups * each(); }
  /// Where the columns of the left matrix lie side by side: its rows would be read a number here, a number there.
  bool packsLeft() const { return a.row == 1 && a.column != 1 && sizes.groups == 1; }
};

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

void compute(const Job& job, const Part& part, float* to, int64_t toRow, bool more) {
  const auto [rows, columns, depth, groups, aGroup, toGroup] = job.sizes;
  const auto& [a, b] = std::tie(job.a, job.b);
  const int64_t each = job.each(), deepest = std::min(part.toDepth - part.fromDepth, mostDepth);
  const bool packsLeft = job.packsLeft();
  const Scratch right((part.toPanel - part.fromPanel) * panelWidth * deepest);
  const Scratch lefts(packsLeft ? (part.toBlock - part.fromBlock) * tileRows * deepest : 0);
  for (int64_t k = part.fromDepth; k == part.fromDepth || k < part.toDepth; k += mostDepth) {
    const int64_t deep = std::min(mostDepth, part.toDepth - k);
    const bool isLast = k + mostDepth >= part.toDepth;
    for (int64_t panel = part.fromPanel; panel < part.toPanel; panel++) {
      const int64_t first = panel * panelWidth, at = (panel - part.fromPanel) * panelWidth * deep;
      pack({b.data + k * b.row, b.row, b.column}, deep, first, std::min<int64_t>(panelWidth, columns - first), right.get() + at);
    }
    if (packsLeft) {
      const int64_t first = part.fromBlock * tileRows, end = std::min<int64_t>(rows, part.toBlock * tileRows);
      packLeft({a.data + k * a.column, 1, a.column}, first, end - first, deep, lefts.get());
    }
    for (int64_t block = part.fromBlock; block < part.toBlock; block++) {
      const int64_t row = block % each * tileRows, count = std::min<int64_t>(tileRows, rows - row);
      const Matrix left = packsLeft
                              ? Matrix{lefts.get() + (block - part.fromBlock) * tileRows * deep, 1, tileRows}
                              : Matrix{a.data + block / each * aGroup + row * a.row + k * a.column, a.row, a.column};
      for (int64_t panel = part.fromPanel; panel < part.toPanel; panel++) {
        const int64_t first = panel * panelWidth, width = std::min<int64_t>(panelWidth, columns - first);
        const float* packed = right.get() + (panel - part.fromPanel) * panelWidth * deep;
        float* at = to + block / each * toGroup + row * toRow + first;
        someOfTile(count, width, left, packed, deep, at, toRow, more || k > part.fromDepth);
        for (int64_t r = 0; isLast && job.finish != nullptr && r < count; r++) job.finish(job.how, at + r * toRow, first, width);
      }
    }
  }
}

/// How many parts columns and rows are cut into for threads.
struct Cut {
  int64_t across, down;
};

/// Columns where their panels come out even: then no panel is packed twice. Else, or where that would have a much larger left
/// matrix read by each thread, rows.
Cut cutOf(const Job& job) {
  const int64_t threads = threadCount(), panels = job.panels(), blocks = job.blocks();
  const int64_t rows = blocks * tileRows, columns = panels * panelWidth;
  if (rows < (job.packsLeft() ? 1 : 8) * columns)
    for (int64_t across : {2 * threads, threads})
      if (panels % across == 0 || panels >= 8 * across) return {across, 1};
  const bool isCheap = !job.packsLeft() && rows > 32 * columns;
  return {1, std::max<int64_t>(1, std::min(blocks, isCheap ? 4 * threads : threads))};
}

/// Sums over so much that the result is small beside it: as many parts as there are, however many threads, added in order.
constexpr int64_t deepParts = 8;
bool isDeep(const Sizes& sizes) {
  return sizes.groups == 1 && sizes.depth >= deepParts * mostDepth && sizes.rows * sizes.columns <= 4 * sizes.depth;
}

void computeDeep(const Job& job, float* to, int64_t toRow, bool more) {
  const auto& sizes = job.sizes;
  const int64_t size = sizes.rows * sizes.columns;
  const Scratch partial(deepParts * size);
  const Job bare{sizes, job.a, job.b, nullptr, nullptr};
  shareParts(deepParts, size * sizes.depth, [&](int64_t i) {
    const Part part{0, job.panels(), 0, job.blocks(), sizes.depth * i / deepParts, sizes.depth * (i + 1) / deepParts};
    compute(bare, part, partial.get() + i * size, sizes.columns, false);
  });
  for (int64_t row = 0; row < sizes.rows; row++) {
    float* at = to + row * toRow;
    for (int64_t i = 0; i < deepParts; i++) {
      const float* from = partial.get() + i * size + row * sizes.columns;
      for (int64_t j = 0; j < sizes.columns; j++) at[j] = (i > 0 || more ? at[j] : 0) + from[j];
    }
    if (job.finish != nullptr) job.finish(job.how, at, 0, sizes.columns);
  }
}

}  // namespace

void multiply(const Sizes& sizes, const Matrix& a, const Matrix& b, float* to, int64_t toRow, bool more, Finish finish,
              const void* how) {
  const Job job{sizes, a, b, finish, how};
  if (isDeep(sizes)) return computeDeep(job, to, toRow, more);
  const auto [across, down] = cutOf(job);
  shareParts(across * down, sizes.groups * sizes.rows * sizes.columns * sizes.depth,
             [&, across = across, down = down](int64_t part) {
               const auto from = [](int64_t count, int64_t at, int64_t parts) { return count * at / parts; };
               const int64_t column = part % across, row = part / across;
               compute(job,
                       {from(job.panels(), column, across), from(job.panels(), column + 1, across),
                        from(job.blocks(), row, down), from(job.blocks(), row + 1, down), 0, sizes.depth},
                       to, toRow, more);
             });
}

void multiplyAndShift(const Sizes& sizes, const Matrix& a, const Matrix& b, float* to, int64_t toRow, const float* bias,
                      bool relu) {
  const Shift how{bias, relu};
  const bool is = bias != nullptr || relu;
  multiply(sizes, a, b, to, toRow, false, is ? shift : nullptr, &how);
}

}  // namespace goya
