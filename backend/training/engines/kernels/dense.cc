// A dense layer in one operation, and its gradients.
#include "kernel.h"
#include "product.h"
#include "row.h"
#include "slopes.h"

namespace goya {

/// x `[…, in]`, weight `[…, in, out]` (further axes of 1), bias `[out]` or nothing → `[…, out]`.
void dense(Call& call, const Attributes& attributes) {
  const Input &x = call.inputs[0], &weight = call.inputs[1], &bias = call.inputs[2];
  const int64_t n = x.rows(), in = x.last(), out = weight.last();
  expect(weight.rows() == in && (bias.size() == out || bias.size() == 0), "a dense layer's weights do not fit its input");
  float* y = call.output(0, x.shapeWith(out));
  const float* shift = bias.size() == 0 ? nullptr : bias.data;
  if (n == 1) return rowProduct(x.data, weight.data, shift, in, out, y, attributes.relu);
  multiplyAndShift({n, out, in}, {x.data, in, 1}, {weight.data, out, 1}, y, out, shift, attributes.relu);
}

/// dy and y `[…, out]`, x and weight as above → gradients of weight, bias, and, if wanted, of x (else empty).
void denseGrad(Call& call, const Attributes& attributes) {
  const Input &dy = call.inputs[0], &y = call.inputs[1], &x = call.inputs[2], &weight = call.inputs[3];
  const int64_t n = x.rows(), in = x.last(), out = weight.last();
  expect(weight.rows() == in && dy.size() == n * out && y.size() == n * out, "a dense layer's gradient has another shape");
  float* dWeight = call.output(0, weight.shape);
  float* dBias = call.output(1, {out});
  float* dx = call.output(2, attributes.input ? x.shape : std::vector<int64_t>{0, in});
  const Scratch cut(attributes.relu ? n * out : 0);
  slopesOf({1, n, out, 0}, dy.data, y.data, attributes.relu, attributes.relu ? cut.get() : nullptr, dBias);
  const float* slopes = attributes.relu ? cut.get() : dy.data;
  multiply({in, out, n}, {x.data, 1, in}, {slopes, out, 1}, dWeight, out);
  if (attributes.input) multiply({n, in, out}, {slopes, out, 1}, {weight.data, 1, out}, dx, in);
}

}  // namespace goya
