// Work shared out among the machine's cores where it is worth a thread's start.
#pragma once
#include <algorithm>
#include <cstdint>
#include <thread>
#include <vector>

namespace goya {

/// Operations below which another thread costs more than it takes off.
constexpr int64_t worthAThread = 4'000'000;

/// `work(from, to)` for parts of `[0, count)`; the caller does the first. Parts start at multiples of `grain`.
template <typename Work>
void share(int64_t count, int64_t grain, int64_t operations, const Work& work) {
  const int64_t most = std::max<int64_t>(1, std::thread::hardware_concurrency());
  const int64_t wanted = std::min(most, operations / worthAThread);
  const int64_t grains = (count + grain - 1) / grain;
  const int64_t parts = std::max<int64_t>(1, std::min(wanted, grains));
  const int64_t each = (grains + parts - 1) / parts * grain;
  std::vector<std::thread> threads;
  for (int64_t from = each; from < count; from += each)
    threads.emplace_back([&work, from, to = std::min(count, from + each)] { work(from, to); });
  work(0, std::min(count, each));
  for (std::thread& one : threads) one.join();
}

}  // namespace goya
