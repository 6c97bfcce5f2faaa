// What one more token looks at (Vaswani et al. 2017): each head of one query, with keys and values of the tokens before it.
#include <cmath>
#include "kernel.h"
#include "parallel.h"
#include "product.h"
#include "vector.h"

namespace goya {

namespace {

/// A number of the keys is waited for as long as so many operations on one at hand.
constexpr int64_t readWork = 8;

typedef float Four __attribute__((vector_size(16), aligned(4)));

/// By fours: taking the numbers out one after the other would take longer than the product.
float sumOf(Floats value) {
  Four parts[lanes / 4];
  std::memcpy(parts, &value, sizeof value);
  Four sum = parts[0];
  for (int i = 1; i < lanes / 4; i++) sum += parts[i];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

float dot(const float* a, const float* b, int64_t count) {
  Floats sums{};
  int64_t j = 0;
  for (; j + lanes <= count; j += lanes) sums += load(a + j) * load(b + j);
  float sum = sumOf(sums);
  for (; j < count; j++) sum += a[j] * b[j];
  return sum;
}

/// Scores, filled up to whole vectors with what has no weight → weights whose sum is 1.
void weigh(float* scores, int64_t count) {
  Floats highest = load(scores);
  for (int64_t j = lanes; j < count; j += lanes) highest = most(highest, load(scores + j));
  const float top = greatest(highest);
  Floats sums{};
  for (int64_t j = 0; j < count; j += lanes) {
    const Floats value = exponential(load(scores + j) - top);
    store(scores + j, value);
    sums += value;
  }
  const float factor = 1 / total(sums);
  for (int64_t j = 0; j < count; j += lanes) store(scores + j, load(scores + j) * factor);
}

/// Columns `[0, vectors · lanes)` of the values, weighed; the sums stay in registers.
template <int vectors>
void mixVectors(const float* values, int64_t row, const float* weights, int64_t tokens, float* to) {
  Floats sums[vectors] = {};
  for (int64_t i = 0; i < tokens; i++)
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) sums[v] += weights[i] * load(values + i * row + v * lanes);
  for (int v = 0; v < vectors; v++) store(to + v * lanes, sums[v]);
}

void mix(const float* values, int64_t row, const float* weights, int64_t tokens, int64_t size, float* to) {
  int64_t j = 0;
  for (; j + 4 * lanes <= size; j += 4 * lanes) mixVectors<4>(values + j, row, weights, tokens, to + j);
  for (; j + lanes <= size; j += lanes) mixVectors<1>(values + j, row, weights, tokens, to + j);
  for (; j < size; j++) {
    to[j] = 0;
    for (int64_t i = 0; i < tokens; i++) to[j] += weights[i] * values[i * row + j];
  }
}

}  // namespace

/// query `[…, width]`, one row, already scaled; keys and values `[tokens, width]`, or by heads `[1, heads, tokens, size]` →
/// `[1, width]`
void attendRow(Call& call, const Attributes& attributes) {
  const Input &query = call.inputs[0], &keys = call.inputs[1], &values = call.inputs[2];
  const int64_t heads = static_cast<int64_t>(attributes.heads), width = query.size();
  expect(heads > 0 && width > 0 && width % heads == 0, "attention's heads do not divide its width");
  const int64_t size = width / heads, tokens = keys.size() / width;
  const bool byHeads = keys.shape.size() == 4;
  expect(tokens > 0 && keys.size() == tokens * width && values.shape == keys.shape && keys.last() == (byHeads ? size : width) &&
             (!byHeads || keys.dim(1) == heads),
         "attention's keys and values do not fit its query");
  float* mixed = call.output(0, {1, width});
  const int64_t row = byHeads ? size : width, head = byHeads ? tokens * size : size;
  const int64_t filled = (tokens + lanes - 1) / lanes * lanes;
  shareParts(heads, 2 * keys.size() * readWork, [&](int64_t part) {
    const Scratch scores(filled);
    const float *own = query.data + part * size, *key = keys.data + part * head, *value = values.data + part * head;
    for (int64_t i = 0; i < filled; i++) scores.get()[i] = i < tokens ? dot(own, key + i * row, size) : -INFINITY;
    weigh(scores.get(), filled);
    mix(value, row, scores.get(), tokens, size, mixed + part * size);
  });
}

}  // namespace goya
