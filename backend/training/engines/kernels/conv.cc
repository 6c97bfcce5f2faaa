// A convolution over time in one operation, and its gradients: products of matrices whose rows overlap in memory.
#include "kernel.h"
#include "product.h"
#include "slopes.h"

namespace goya {

namespace {

/// Beside arithmetic, reading and writing.
constexpr int64_t elementWork = 32;

/// Sequences `[batch, length, channels]` with room of zeros around each, `step` points of time from one to the next.
/// A further `taps` points of zeros lie behind the last: products read there what they multiply by zero.
struct Padded {
  Padded(int64_t batch, int64_t step, int64_t front, int64_t length, int64_t channels, int64_t taps)
      : front(front), channels(channels), step(step), room((batch * step + taps) * channels) {
    const auto clear = [&](int64_t from, int64_t to) { std::fill(room.get() + from * channels, room.get() + to * channels, 0.0f); };
    for (int64_t i = 0; i < batch; i++) {
      clear(i * step, i * step + front);
      clear(i * step + front + length, (i + 1) * step);
    }
    clear(batch * step, batch * step + taps);
  }
  /// Where the first sequence begins.
  float* start() const { return room.get() + front * channels; }
  int64_t group() const { return step * channels; }

  const int64_t front, channels, step;
  const Scratch room;
};

struct Geometry {
  int64_t batch, length, in, taps, out, made, before;
  /// Sequences of the input and of slopes alike lie this far apart when padded.
  int64_t step() const { return length + taps - 1; }
};

Geometry geometryOf(const Input& x, const Input& weight, const Attributes& attributes) {
  expect(x.shape.size() == 3 && weight.shape.size() == 3, "a convolution over time takes [batch, length, channels]");
  const int64_t taps = weight.dim(0), length = x.dim(1);
  expect(weight.dim(1) == x.dim(2) && taps > 0, "a convolution's weights do not fit its input");
  expect(attributes.same || length >= taps, "a convolution is longer than its input");
  const int64_t made = attributes.same ? length : length - taps + 1;
  return {x.dim(0), length, x.dim(2), taps, weight.dim(2), made, attributes.same ? (taps - 1) / 2 : 0};
}

struct PaddedInput : Padded {
  PaddedInput(const Input& x, const Geometry& g) : Padded(g.batch, g.step(), g.before, g.length, g.in, g.taps) {
    share(g.batch, 1, x.size() * elementWork, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; i++)
        std::copy_n(x.data + i * g.length * g.in, g.length * g.in, start() + i * group());
    });
  }
};

/// Weights `[taps, in, out]` → `[taps · out, in]`, the taps from last to first.
void turned(const float* weight, const Geometry& g, float* to) {
  share(g.taps, 1, g.taps * g.in * g.out * elementWork, [&](int64_t first, int64_t end) {
    for (int64_t tap = first; tap < end; tap++) {
      const float* from = weight + tap * g.in * g.out;
      float* at = to + (g.taps - 1 - tap) * g.out * g.in;
      // In squares: what is read and what is written are both near.
      for (int64_t o = 0; o < g.out; o += lanes)
        for (int64_t c = 0; c < g.in; c++)
          for (int64_t j = o; j < std::min<int64_t>(g.out, o + lanes); j++) at[j * g.in + c] = from[c * g.out + j];
    }
  });
}

}  // namespace

/// x `[batch, length, in]`, weight `[taps, in, out]`, bias `[out]` → `[batch, length, out]`, shorter by taps - 1 without
/// `same`. One point of time after the other, no gaps between taps.
void conv1d(Call& call, const Attributes& attributes) {
  const Input &x = call.inputs[0], &weight = call.inputs[1], &bias = call.inputs[2];
  const Geometry g = geometryOf(x, weight, attributes);
  expect(bias.size() == g.out, "a convolution's bias does not fit its weights");
  float* y = call.output(0, {g.batch, g.made, g.out});
  const PaddedInput padded(x, g);
  const Sizes sizes{g.made, g.out, g.taps * g.in, g.batch, padded.group(), g.made * g.out};
  multiplyAndShift(sizes, {padded.room.get(), g.in, 1}, {weight.data, g.out, 1}, y, g.out, bias.data, attributes.relu);
}

/// dy and y `[batch, length, out]`, x, weight → gradients of weight, bias, and, if wanted, of x (else empty).
void conv1dGrad(Call& call, const Attributes& attributes) {
  const Input &dy = call.inputs[0], &y = call.inputs[1], &x = call.inputs[2], &weight = call.inputs[3];
  const Geometry g = geometryOf(x, weight, attributes);
  expect(dy.size() == g.batch * g.made * g.out && y.size() == dy.size(), "a convolution's gradient has another shape");
  float* dWeight = call.output(0, weight.shape);
  float* dBias = call.output(1, {g.out});
  float* dx = call.output(2, attributes.input ? x.shape : std::vector<int64_t>{0, g.length, g.in});
  const Padded slopes(g.batch, g.step(), g.taps - 1 - g.before, g.made, g.out, g.taps);
  slopesOf({g.batch, g.made, g.out, slopes.group()}, dy.data, y.data, attributes.relu, slopes.start(), dBias);
  {
    // Over all points of time, those between sequences too: their slopes are 0.
    const PaddedInput padded(x, g);
    multiply({g.taps * g.in, g.out, g.batch * g.step()}, {padded.room.get(), 1, g.in}, {slopes.start(), g.out, 1}, dWeight,
             g.out);
  }
  if (!attributes.input) return;
  const Scratch back(g.taps * g.out * g.in);
  turned(weight.data, g, back.get());
  multiply({g.length, g.in, g.taps * g.out, g.batch, slopes.group(), g.length * g.in}, {slopes.room.get(), g.out, 1},
           {back.get(), g.in, 1}, dx, g.in);
}

}  // namespace goya
