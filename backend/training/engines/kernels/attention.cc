// Self-attention of several heads (Vaswani et al. 2017), whole, and its gradients. What each element looks at is computed
// again for the gradients rather than kept: of it only the highest score is, and what the rest was multiplied by.
#include <cmath>
#include "kernel.h"
#include "product.h"

namespace goya {

namespace {

constexpr float farBelow = -1e9f;
/// Elements whose looks are computed at once.
constexpr int64_t rowsAtOnce = 8 * tileRows;

struct Geometry {
  int64_t batch, length, width, heads, size;
  int64_t rows() const { return batch * length; }
  int64_t all() const { return rows() * width; }
  /// Scores of one element, as whole panels.
  int64_t scores() const { return (length + panelWidth - 1) / panelWidth * panelWidth; }
};

Geometry geometryOf(const Input& x, const Input& presence, const Input* weights, const Input& mask, float heads) {
  expect(x.shape.size() == 3, "attention takes [batch, length, width]");
  const int64_t count = static_cast<int64_t>(heads), width = x.dim(2);
  expect(count > 0 && width % count == 0, "attention's heads do not divide its width");
  for (int i = 0; i < 3; i++)
    expect(weights[i].dim(0) == width && weights[i].dim(1) == width, "attention's weights do not fit its input");
  const Geometry g{x.dim(0), x.dim(1), width, count, width / count};
  expect(presence.size() == g.rows(), "attention's presence does not fit its input");
  const int64_t looks = g.batch * g.heads * g.length * g.length;
  expect(mask.size() == 0 || mask.size() == looks, "attention's mask does not fit its input");
  return g;
}

/// One head of one sequence: its columns of the three projections.
struct Head {
  Head(const Geometry& g, int64_t part, const float* projected, const float* presence, const float* mask)
      : g(g), batch(part / g.heads), at(batch * g.length * g.width + part % g.heads * g.size),
        query(projected + at), key(query + g.all()), value(key + g.all()), absent(g.scores()),
        mask(mask == nullptr ? nullptr : mask + part * g.length * g.length), keys({key, 1, g.width}, g.size, g.length) {
    for (int64_t j = 0; j < g.scores(); j++)
      absent[j] = j < g.length ? (1 - presence[batch * g.length + j]) * farBelow : -INFINITY;
  }

  /// Scores of `count` elements from `from` on; rows are `g.scores()` long, −∞ beyond the last element.
  void score(int64_t from, int64_t count, float* to) const {
    product({query + from * g.width, g.width, 1}, keys, count, to);
    for (int64_t row = 0; row < count; row++)
      for (int64_t j = 0; j < g.scores(); j += lanes) {
        float* piece = to + row * g.scores() + j;
        store(piece, load(piece) + load(absent.data() + j));
      }
  }

  /// What dropout makes of one element's looks, or of their slopes.
  void drop(int64_t element, float* looks) const {
    if (mask == nullptr) return;
    for (int64_t j = 0; j < g.length; j += lanes)
      put(looks + j, some(looks + j, g.length - j) * some(mask + element * g.length + j, g.length - j), g.length - j);
  }

  const Geometry& g;
  const int64_t batch, at;
  const float *query, *key, *value;
  std::vector<float> absent;
  const float* mask;
  const Panels keys;
};

/// Scores of one element → its looks, whose sum is 1. Keeps how, in two numbers.
void softmax(float* scores, int64_t count, float* how) {
  Floats highest = load(scores);
  for (int64_t j = lanes; j < count; j += lanes) highest = most(highest, load(scores + j));
  const float top = greatest(highest);
  Floats sums{};
  for (int64_t j = 0; j < count; j += lanes) {
    const Floats value = exponential(load(scores + j) - top);
    store(scores + j, value);
    sums += value;
  }
  const float sum = total(sums), factor = 1 / sum;
  for (int64_t j = 0; j < count; j += lanes) store(scores + j, load(scores + j) * factor);
  how[0] = top, how[1] = factor;
}

void softmaxAgain(float* scores, int64_t count, const float* how) {
  for (int64_t j = 0; j < count; j += lanes) store(scores + j, exponential(load(scores + j) - how[0]) * how[1]);
}

void scale(const void* factor, float* at, int64_t, int64_t width) {
  for (int64_t j = 0; j < width; j++) at[j] *= *static_cast<const float*>(factor);
}

/// Work of a head beside its products: an exponential for each look.
constexpr int64_t lookWork = 30;

}  // namespace

/// x `[batch, length, width]`, presence `[batch, length, 1]` (1, or 0 for what nobody looks at), three weights
/// `[width, width]`, and the dropout of looks `[batch, heads, length, length]` or nothing → mixed values like x; queries (over
/// the root of a head's size), keys and values `[3, batch, length, width]`; two numbers of each softmax `[batch, heads, length, 2]`.
void attention(Call& call, const Attributes& attributes) {
  const Input &x = call.inputs[0], &presence = call.inputs[1], &mask = call.inputs[5];
  const Geometry g = geometryOf(x, presence, &call.inputs[2], mask, attributes.heads);
  float* mixed = call.output(0, x.shape);
  float* projected = call.output(1, {3, g.batch, g.length, g.width});
  float* kept = call.output(2, {g.batch, g.heads, g.length, 2});
  const float factor = 1 / std::sqrt(static_cast<float>(g.size));
  for (int64_t i = 0; i < 3; i++)
    multiply({g.rows(), g.width, g.width}, {x.data, g.width, 1}, {call.inputs[2 + i].data, g.width, 1},
             projected + i * g.all(), g.width, false, i == 0 ? scale : nullptr, &factor);
  const int64_t work = g.rows() * g.heads * g.length * (2 * g.size + lookWork);
  shareParts(g.batch * g.heads, work, [&](int64_t part) {
    const Head head(g, part, projected, presence.data, mask.size() == 0 ? nullptr : mask.data);
    const Panels values({head.value, g.width, 1}, g.length, g.size);
    const Scratch looks(std::min(rowsAtOnce, g.length) * g.scores());
    for (int64_t from = 0; from < g.length; from += rowsAtOnce) {
      const int64_t count = std::min(rowsAtOnce, g.length - from);
      head.score(from, count, looks.get());
      for (int64_t row = 0; row < count; row++) {
        float* at = looks.get() + row * g.scores();
        softmax(at, g.scores(), kept + (part * g.length + from + row) * 2);
        head.drop(from + row, at);
      }
      product({looks.get(), g.scores(), 1}, values, count, mixed + head.at + from * g.width, g.width);
    }
  });
}

/// dmixed like x, then what `attention` was given and gave → gradients of x and the three weights.
void attentionGrad(Call& call, const Attributes& attributes) {
  const Input &dMixed = call.inputs[0], &x = call.inputs[1], &presence = call.inputs[2], &mask = call.inputs[6];
  const Input &mixed = call.inputs[7], &projected = call.inputs[8], &kept = call.inputs[9];
  const Geometry g = geometryOf(x, presence, &call.inputs[3], mask, attributes.heads);
  expect(dMixed.size() == g.all() && mixed.size() == g.all() && projected.size() == 3 * g.all() &&
             kept.size() == g.rows() * g.heads * 2,
         "attention's gradient has another shape");
  float* dx = call.output(0, x.shape);
  const Scratch slopes(3 * g.all());
  const float factor = 1 / std::sqrt(static_cast<float>(g.size));
  const int64_t work = g.rows() * g.heads * g.length * (5 * g.size + 2 * lookWork);
  shareParts(g.batch * g.heads, work, [&](int64_t part) {
    const Head head(g, part, projected.data, presence.data, mask.size() == 0 ? nullptr : mask.data);
    float *dQuery = slopes.get() + head.at, *dKey = dQuery + g.all(), *dValue = dKey + g.all();
    const Panels values({head.value, 1, g.width}, g.size, g.length), keys({head.key, g.width, 1}, g.length, g.size);
    const int64_t most = std::min(rowsAtOnce, g.length), wide = g.scores();
    const Scratch looks(most * wide), dLooks(most * wide), dropped(mask.size() == 0 ? 0 : most * wide);
    for (int64_t from = 0; from < g.length; from += rowsAtOnce) {
      const int64_t count = std::min(rowsAtOnce, g.length - from);
      const float* dOut = dMixed.data + head.at + from * g.width;
      head.score(from, count, looks.get());
      product({dOut, g.width, 1}, values, count, dLooks.get());
      for (int64_t row = 0; row < count; row++) {
        float *look = looks.get() + row * wide, *slope = dLooks.get() + row * wide;
        softmaxAgain(look, wide, kept.data + (part * g.length + from + row) * 2);
        for (int64_t j = g.length; j < wide; j++) look[j] = 0;
        if (mask.size() != 0) {
          std::copy_n(look, wide, dropped.get() + row * wide);
          head.drop(from + row, dropped.get() + row * wide);
          head.drop(from + row, slope);
        }
        const float *out = mixed.data + head.at + (from + row) * g.width, *dRow = dOut + row * g.width;
        float along = 0;
        for (int64_t j = 0; j < g.size; j++) along += dRow[j] * out[j];
        for (int64_t j = 0; j < wide; j += lanes) store(slope + j, load(look + j) * (load(slope + j) - along));
      }
      const float* given = mask.size() == 0 ? looks.get() : dropped.get();
      product({given, 1, wide}, Panels({dOut, g.width, 1}, count, g.size), g.length, dValue, g.width, from > 0);
      product({dLooks.get(), 1, wide}, Panels({head.query + from * g.width, g.width, 1}, count, g.size), g.length, dKey,
              g.width, from > 0);
      float* dRows = dQuery + from * g.width;
      product({dLooks.get(), wide, 1}, keys, count, dRows, g.width);
      for (int64_t row = 0; row < count; row++)
        for (int64_t j = 0; j < g.size; j++) dRows[row * g.width + j] *= factor;
    }
  });
  for (int64_t i = 0; i < 3; i++) {
    const float *slope = slopes.get() + i * g.all(), *weight = call.inputs[3 + i].data;
    float* dWeight = call.output(1 + i, {g.width, g.width});
    multiply({g.width, g.width, g.rows()}, {x.data, 1, g.width}, {slope, g.width, 1}, dWeight, g.width);
    multiply({g.rows(), g.width, g.width}, {slope, g.width, 1}, {weight, 1, g.width}, dx, g.width, i > 0);
  }
}

}  // namespace goya
