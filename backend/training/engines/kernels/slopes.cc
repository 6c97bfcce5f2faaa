#include "slopes.h"
#include "product.h"

namespace goya {

namespace {
/// Beside arithmetic, reading and writing.
constexpr int64_t elementWork = 32;
/// Always the same parts, added in their order: the sums do not depend on which thread is done first.
constexpr int64_t parts = 8;
}  // namespace

void slopesOf(const Rows& rows, const float* dy, const float* y, bool relu, float* to, float* dBias) {
  const int64_t count = rows.groups * rows.length, width = rows.width;
  std::vector<float> partial(parts * width);
  shareParts(parts, count * width * elementWork, [&](int64_t part) {
    float* sums = partial.data() + part * width;
    for (int64_t row = count * part / parts; row < count * (part + 1) / parts; row++) {
      const float *given = dy + row * width, *out = y + row * width;
      float* at = to == nullptr ? nullptr : to + row / rows.length * rows.group + row % rows.length * width;
      for (int64_t j = 0; j < width; j += lanes) {
        const int64_t left = width - j;
        Floats slope = some(given + j, left);
        if (relu) slope = some(out + j, left) > Floats{} ? slope : Floats{};
        put(sums + j, some(sums + j, left) + slope, left);
        if (at != nullptr) put(at + j, slope, left);
      }
    }
  });
  std::fill(dBias, dBias + width, 0.0f);
  for (int64_t part = 0; part < parts; part++)
    for (int64_t j = 0; j < width; j++) dBias[j] += partial[part * width + j];
}

}  // namespace goya
