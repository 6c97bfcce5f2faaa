// Work shared out among the machine's cores where it is worth a thread's attention.
#pragma once
#include <algorithm>
#include <cstdint>
#include <thread>

namespace goya {

/// Operations below which another thread costs more than it takes off.
constexpr int64_t worthAThread = 1'000'000;

/// Those that may work at once, the caller among them.
inline int64_t threadCount() { return std::max<int64_t>(1, std::thread::hardware_concurrency()); }

using Part = void (*)(const void* work, int64_t part);

/// `run(work, part)` for each part, in any order, on the caller and on threads that are kept for it. Parts on which another
/// caller's work has kept the threads are done by the caller alone.
void runParts(Part run, const void* work, int64_t parts);

/// `work(part)` for each part; by the caller alone where all of them are few `operations`.
template <typename Work>
void shareParts(int64_t parts, int64_t operations, const Work& work) {
  if (parts < 2 || operations < 2 * worthAThread || threadCount() < 2) {
    for (int64_t part = 0; part < parts; part++) work(part);
    return;
  }
  runParts([](const void* one, int64_t part) { (*static_cast<const Work*>(one))(part); }, &work, parts);
}

/// `work(from, to)` for parts of `[0, count)` that start at multiples of `grain`.
template <typename Work>
void share(int64_t count, int64_t grain, int64_t operations, const Work& work) {
  const int64_t wanted = std::min(2 * threadCount(), operations / worthAThread);
  const int64_t grains = (count + grain - 1) / grain;
  const int64_t parts = std::max<int64_t>(1, std::min(wanted, grains));
  shareParts(parts, operations, [&](int64_t part) {
    const int64_t from = grains * part / parts * grain;
    work(from, std::min(count, grains * (part + 1) / parts * grain));
  });
}

}  // namespace goya
