// The recurrence of an LSTM (Hochreiter & Schmidhuber 1997), whole. Examples do not depend on each other: threads take
// some of them each, through all of time.
#include "kernel.h"
#include "parallel.h"
#include "product.h"

namespace goya {

namespace {

constexpr int gateCount = 4;

/// Units rounded up to whole vectors, so that rows of scratch need no ends of their own.
int64_t padded(int64_t units) { return (units + lanes - 1) / lanes * lanes; }

/// Recurrent weights `[units, 4 · units]` with each gate's columns padded.
std::vector<float> widened(const float* from, int64_t units, int64_t wide) {
  std::vector<float> to(units * gateCount * wide);
  for (int64_t k = 0; k < units; k++)
    for (int64_t gate = 0; gate < gateCount; gate++)
      std::copy_n(from + (k * gateCount + gate) * units, units, to.data() + (k * gateCount + gate) * wide);
  return to;
}

/// The more examples at once, the less often the weights are read.
int64_t eachThread(int64_t batch) { return (batch + threadCount() - 1) / threadCount(); }

}  // namespace

/// sums `[batch, length, 4 · units]` (input · kernel + bias; input, forget, cell, output), recurrent `[units, 4 · units]`
/// → states `[batch, length, units]`, gates like `sums`, cells like the states. From states of zero.
void lstm(Call& call, const Attributes& attributes) {
  const Input &sums = call.inputs[0], &recurrent = call.inputs[1];
  const int64_t batch = sums.dim(0), length = sums.dim(1), units = recurrent.dim(0), width = gateCount * units;
  expect(sums.dim(2) == width && recurrent.dim(1) == width, "an LSTM's weights do not fit its sums");
  float* states = call.output(0, {batch, length, units});
  float* gates = call.output(1, {batch, length, width});
  float* cells = call.output(2, {batch, length, units});
  const int64_t wide = padded(units);
  const std::vector<float> weights = widened(recurrent.data, units, wide);
  const Panels panels({weights.data(), gateCount * wide, 1}, units, gateCount * wide);
  share(batch, eachThread(batch), batch * length * units * width, [&](int64_t from, int64_t to) {
    const int64_t stride = panels.count * panelWidth;
    std::vector<float> through((to - from) * stride), before((to - from) * units), cell((to - from) * wide);
    for (int64_t step = 0; step < length; step++) {
      const int64_t t = attributes.reverse ? length - 1 - step : step;
      if (step > 0)
        product({before.data(), units, 1}, panels, to - from, through.data());
      for (int64_t row = from; row < to; row++) {
        const int64_t at = row * length + t;
        const float* sum = sums.data + at * width;
        const float* more = through.data() + (row - from) * stride;
        for (int64_t j = 0; j < units; j += lanes) {
          const int64_t left = units - j;
          const auto gate = [&](int64_t which) { return some(sum + which * units + j, left) + load(more + which * wide + j); };
          const Floats in = sigmoid(gate(0)), forget = sigmoid(gate(1)), fresh = tangent(gate(2)), out = sigmoid(gate(3));
          float* kept = cell.data() + (row - from) * wide + j;
          const Floats now = forget * load(kept) + in * fresh;
          store(kept, now);
          const Floats state = out * tangent(now);
          const Floats values[] = {in, forget, fresh, out};
          for (int which = 0; which < gateCount; which++) put(gates + at * width + which * units + j, values[which], left);
          put(cells + at * units + j, now, left);
          put(states + at * units + j, state, left);
          put(before.data() + (row - from) * units + j, state, left);
        }
      }
    }
  });
}

/// dy `[batch, length, units]`, gates and cells of `lstm`, recurrent → gradient of `sums`.
void lstmGrad(Call& call, const Attributes& attributes) {
  const Input &dy = call.inputs[0], &gates = call.inputs[1], &cells = call.inputs[2], &recurrent = call.inputs[3];
  const int64_t batch = dy.dim(0), length = dy.dim(1), units = dy.dim(2), width = gateCount * units;
  expect(gates.dim(2) == width && recurrent.dim(1) == width, "an LSTM's gradient has another shape");
  float* slopes = call.output(0, {batch, length, width});
  const int64_t wide = padded(units);
  const Panels turned({recurrent.data, 1, width}, width, units);
  share(batch, eachThread(batch), batch * length * units * width, [&](int64_t from, int64_t to) {
    const int64_t stride = turned.count * panelWidth;
    std::vector<float> through((to - from) * stride), later((to - from) * wide);
    for (int64_t step = length - 1; step >= 0; step--) {
      const int64_t t = attributes.reverse ? length - 1 - step : step;
      const int64_t earlier = attributes.reverse ? t + 1 : t - 1;
      for (int64_t row = from; row < to; row++) {
        const int64_t at = row * length + t;
        const float* gate = gates.data + at * width;
        float* slope = slopes + at * width;
        for (int64_t j = 0; j < units; j += lanes) {
          const int64_t left = units - j;
          const Floats in = some(gate + j, left), forget = some(gate + units + j, left);
          const Floats fresh = some(gate + 2 * units + j, left), out = some(gate + 3 * units + j, left);
          const Floats bent = tangent(some(cells.data + at * units + j, left));
          const Floats old = step == 0 ? Floats{} : some(cells.data + (row * length + earlier) * units + j, left);
          const Floats dState = some(dy.data + at * units + j, left) + load(through.data() + (row - from) * stride + j);
          float* kept = later.data() + (row - from) * wide + j;
          const Floats dCell = load(kept) + dState * out * (1.0f - bent * bent);
          store(kept, dCell * forget);
          put(slope + j, dCell * fresh * in * (1.0f - in), left);
          put(slope + units + j, dCell * old * forget * (1.0f - forget), left);
          put(slope + 2 * units + j, dCell * in * (1.0f - fresh * fresh), left);
          put(slope + 3 * units + j, dState * bent * out * (1.0f - out), left);
        }
      }
      if (step == 0) break;
      product({slopes + (from * length + t) * width, length * width, 1}, turned, to - from, through.data());
    }
  });
}

}  // namespace goya
