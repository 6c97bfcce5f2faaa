// A product whose left matrix is a single row: reading the right one is all the work.
#pragma once
#include <cstdint>

namespace goya {

/// `to [out] = x [in] · weight [in, out] + bias`, cut off at 0 with `relu`. Without a bias where it is null.
void rowProduct(const float* x, const float* weight, const float* bias, int64_t in, int64_t out, float* to, bool relu);

}  // namespace goya
