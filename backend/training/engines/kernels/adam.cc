// One step of Adam (Kingma & Ba 2015) for all weights of a model, in place.
#include <cmath>
#include "kernel.h"
#include "parallel.h"
#include "vector.h"

namespace goya {

namespace {
constexpr int figures = 4;
constexpr int perWeight = 5;
/// Beside arithmetic, seven reads and writes of memory.
constexpr int64_t elementWork = 16;
constexpr int64_t piece = 4096;

struct Rule {
  float beta1, beta2, rate, epsilon, kept;
};

void update(float* weight, float* m, float* v, const float* gradient, int64_t count, const Rule& rule) {
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const Floats slope = load(gradient + i);
    const Floats first = load(m + i) + (slope - load(m + i)) * (1 - rule.beta1);
    const Floats second = load(v + i) + (slope * slope - load(v + i)) * (1 - rule.beta2);
    Floats root;
    for (int lane = 0; lane < lanes; lane++) root[lane] = std::sqrt(second[lane]);
    store(m + i, first);
    store(v + i, second);
    store(weight + i, load(weight + i) * rule.kept - first * rule.rate / (root + rule.epsilon));
  }
  for (; i < count; i++) {
    m[i] += (gradient[i] - m[i]) * (1 - rule.beta1);
    v[i] += (gradient[i] * gradient[i] - v[i]) * (1 - rule.beta2);
    weight[i] = weight[i] * rule.kept - m[i] * rule.rate / (std::sqrt(v[i]) + rule.epsilon);
  }
}
}  // namespace

/// First `[5, n]` figures: beta1, beta2, rate, epsilon (both corrected for the start), and the share of the weight that is
/// kept; then n weights, n first moments, n second moments, n gradients. Weights and moments are changed where they lie:
/// the caller alone holds them.
void adam(Call& call, const Attributes&) {
  const int64_t n = (static_cast<int64_t>(call.inputs.size()) - 1) / 4;
  const Input& rules = call.inputs[0];
  expect(n * 4 + 1 == static_cast<int64_t>(call.inputs.size()) && rules.size() == perWeight * n, "Adam got other lists");
  struct Piece {
    int64_t weight, from, count;
  };
  std::vector<Piece> pieces;
  int64_t elements = 0;
  for (int64_t i = 0; i < n; i++) {
    const int64_t size = call.inputs[1 + i].size();
    for (int64_t list = 1; list < 4; list++)
      expect(call.inputs[1 + list * n + i].size() == size, "Adam's moments or gradients do not fit the weights");
    for (int64_t from = 0; from < size; from += piece) pieces.push_back({i, from, std::min(piece, size - from)});
    elements += size;
  }
  share(pieces.size(), 1, elements * elementWork, [&](int64_t from, int64_t to) {
    for (int64_t at = from; at < to; at++) {
      const auto& [i, start, count] = pieces[at];
      const auto figure = [&, i = i](int64_t which) { return rules.data[which * n + i]; };
      const auto list = [&, i = i, start = start](int64_t which) { return call.inputs[1 + which * n + i].data + start; };
      update(list(0), list(1), list(2), list(3), count, {figure(0), figure(1), figure(2), figure(3), figure(4)});
    }
  });
  call.output(0, {0});
}

}  // namespace goya
