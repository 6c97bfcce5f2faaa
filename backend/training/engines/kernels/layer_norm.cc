// Layer normalisation (Ba, Kiros & Hinton 2016) over the last axis, and its gradients.
#include <cmath>
#include "kernel.h"
#include "parallel.h"
#include "vector.h"

namespace goya {

namespace {
/// A share of rows for each thread: reading and writing them is the work.
constexpr int64_t rowWork = 16;
}  // namespace

/// x `[…, width]`, gamma and beta `[width]` → y and x normalised, both like x, and 1 / deviation `[n]` of n rows.
void layerNorm(Call& call, const Attributes& attributes) {
  const Input &x = call.inputs[0], &gamma = call.inputs[1], &beta = call.inputs[2];
  const int64_t n = x.rows(), width = x.last();
  expect(gamma.size() == width && beta.size() == width, "the weights of a normalisation do not fit its input");
  float* y = call.output(0, x.shape);
  float* normal = call.output(1, x.shape);
  float* scale = call.output(2, {n});
  share(n, 1, n * width * rowWork, [&](int64_t from, int64_t to) {
    for (int64_t row = from; row < to; row++) {
      const float* in = x.data + row * width;
      Floats sums{};
      float sum = 0;
      int64_t j = 0;
      for (; j + lanes <= width; j += lanes) sums += load(in + j);
      for (; j < width; j++) sum += in[j];
      const float mean = (sum + total(sums)) / width;
      Floats squares{};
      float square = 0;
      for (j = 0; j + lanes <= width; j += lanes) {
        const Floats off = load(in + j) - mean;
        squares += off * off;
      }
      for (; j < width; j++) square += (in[j] - mean) * (in[j] - mean);
      const float factor = 1 / std::sqrt((square + total(squares)) / width + attributes.epsilon);
      scale[row] = factor;
      float *to1 = normal + row * width, *to2 = y + row * width;
      for (j = 0; j + lanes <= width; j += lanes) {
        const Floats value = (load(in + j) - mean) * factor;
        store(to1 + j, value);
        store(to2 + j, value * load(gamma.data + j) + load(beta.data + j));
      }
      for (; j < width; j++) {
        to1[j] = (in[j] - mean) * factor;
        to2[j] = to1[j] * gamma.data[j] + beta.data[j];
      }
    }
  });
}

/// dy `[…, width]`, x normalised, 1 / deviation, gamma → gradients of x, gamma and beta.
void layerNormGrad(Call& call, const Attributes&) {
  const Input &dy = call.inputs[0], &normal = call.inputs[1], &scale = call.inputs[2], &gamma = call.inputs[3];
  const int64_t n = dy.rows(), width = dy.last();
  expect(normal.size() == n * width && gamma.size() == width, "the gradient of a normalisation has another shape");
  float* dx = call.output(0, dy.shape);
  float* dGamma = call.output(1, {width});
  float* dBeta = call.output(2, {width});
  std::fill(dGamma, dGamma + width, 0.0f);
  std::fill(dBeta, dBeta + width, 0.0f);
  // Always the same parts, added in their order: the sums do not depend on which thread is done first.
  constexpr int64_t parts = 8;
  const int64_t each = (n + parts - 1) / parts;
  std::vector<float> partial(parts * 2 * width);
  share(parts, 1, n * width * rowWork, [&](int64_t from, int64_t to) {
    for (int64_t part = from; part < to; part++) {
      float *forGamma = partial.data() + part * 2 * width, *forBeta = forGamma + width;
      for (int64_t row = part * each; row < std::min(n, (part + 1) * each); row++) {
        const float *slope = dy.data + row * width, *value = normal.data + row * width;
        Floats sums{}, products{};
        float sum = 0, mixed = 0;
        int64_t j = 0;
        for (; j + lanes <= width; j += lanes) {
          const Floats given = load(slope + j), at = load(value + j), inner = given * load(gamma.data + j);
          sums += inner;
          products += inner * at;
          store(forGamma + j, load(forGamma + j) + given * at);
          store(forBeta + j, load(forBeta + j) + given);
        }
        for (; j < width; j++) {
          const float inner = slope[j] * gamma.data[j];
          sum += inner;
          mixed += inner * value[j];
          forGamma[j] += slope[j] * value[j];
          forBeta[j] += slope[j];
        }
        const float mean = (sum + total(sums)) / width, along = (mixed + total(products)) / width;
        float* out = dx + row * width;
        for (j = 0; j + lanes <= width; j += lanes)
          store(out + j, (load(slope + j) * load(gamma.data + j) - mean - load(value + j) * along) * scale.data[row]);
        for (; j < width; j++) out[j] = (slope[j] * gamma.data[j] - mean - value[j] * along) * scale.data[row];
      }
    }
  });
  for (int64_t part = 0; part < parts; part++)
    for (int64_t j = 0; j < width; j++) {
      dGamma[j] += partial[part * 2 * width + j];
      dBeta[j] += partial[(part * 2 + 1) * width + j];
    }
}

}  // namespace goya
