// What comes back to a layer with a bias and a cut at 0.
#pragma once
#include <vector>
#include "kernel.h"

namespace goya {

/// Rows of a result `[groups · length, width]` and where their slopes go: groups are `group` floats apart there.
struct Rows {
  int64_t groups, length, width, group;
};

/// Writes `dy` to `to`, with `relu` only where y is above 0 (there its sum was too), and the sums over all rows to `dBias`.
/// Where `to` is null the sums are all that is wanted.
void slopesOf(const Rows& rows, const float* dy, const float* y, bool relu, float* to, float* dBias);

}  // namespace goya
