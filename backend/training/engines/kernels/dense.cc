// A dense layer in one operation, and its gradients.
#include "kernel.h"
#include "parallel.h"
#include "product.h"

namespace goya {

/// x `[n, in]`, weight `[in, out]`, bias `[out]` → `[n, out]`.
void dense(Call& call, const Attributes& attributes) {
  const Input &x = call.inputs[0], &weight = call.inputs[1], &bias = call.inputs[2];
  const int64_t n = x.dim(0), in = x.dim(1), out = weight.dim(1);
  expect(weight.dim(0) == in && bias.size() == out, "a dense layer's weights do not fit its input");
  float* y = call.output(0, {n, out});
  const Panels panels(weight.data, in, out, out, 1);
  std::vector<float> shift(panels.count * panelWidth);
  std::copy(bias.data, bias.data + out, shift.begin());
  share(n, rowsAtOnce, n * in * out, [&](int64_t from, int64_t to) {
    product({x.data, in, 1}, panels, from, to, [&](int64_t row, int64_t panel, Floats left, Floats right) {
      left += load(shift.data() + panel * panelWidth);
      right += load(shift.data() + panel * panelWidth + lanes);
      if (attributes.relu) left = most(left, Floats{}), right = most(right, Floats{});
      write(y + row * out, out, panel, left, right);
    });
  });
}

/// dy and y `[n, out]`, x `[n, in]`, weight `[in, out]` → gradients of weight, bias, and, if wanted, of x (else empty).
void denseGrad(Call& call, const Attributes& attributes) {
  const Input &dy = call.inputs[0], &y = call.inputs[1], &x = call.inputs[2], &weight = call.inputs[3];
  const int64_t n = x.dim(0), in = x.dim(1), out = weight.dim(1);
  expect(dy.dim(0) == n && dy.dim(1) == out && y.size() == dy.size(), "a dense layer's gradient has another shape");
  std::vector<float> slopes(dy.data, dy.data + n * out);
  // Where the output is above 0, so was the sum.
  if (attributes.relu)
    for (int64_t i = 0; i < n * out; i++) slopes[i] = y.data[i] > 0 ? slopes[i] : 0;
  float* dWeight = call.output(0, {in, out});
  float* dBias = call.output(1, {out});
  float* dx = call.output(2, {attributes.input ? n : 0, in});
  std::fill(dBias, dBias + out, 0.0f);
  for (int64_t row = 0; row < n; row++)
    for (int64_t j = 0; j < out; j++) dBias[j] += slopes[row * out + j];
  const Panels forWeight(slopes.data(), n, out, out, 1);
  share(in, rowsAtOnce, n * in * out, [&](int64_t from, int64_t to) {
    product({x.data, 1, in}, forWeight, from, to, [&](int64_t row, int64_t panel, Floats left, Floats right) {
      write(dWeight + row * out, out, panel, left, right);
    });
  });
  if (!attributes.input) return;
  const Panels turned(weight.data, out, in, 1, out);
  share(n, rowsAtOnce, n * in * out, [&](int64_t from, int64_t to) {
    product({slopes.data(), out, 1}, turned, from, to, [&](int64_t row, int64_t panel, Floats left, Floats right) {
      write(dx + row * in, in, panel, left, right);
    });
  });
}

}  // namespace goya
