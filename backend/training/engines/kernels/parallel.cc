#include "parallel.h"
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace goya {

namespace {

/// Looks at what is awaited before a thread lies down: the next operation often comes within microseconds.
constexpr int looks = 4000;

inline void rest() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

template <typename Holds>
bool soon(const Holds& holds) {
  for (int i = 0; i < looks; i++) {
    if (holds()) return true;
    rest();
  }
  return holds();
}

/// Never destroyed: its threads wait for work until the process ends.
class Pool {
 public:
  explicit Pool(int64_t helpers) {
    for (int64_t i = 0; i < helpers; i++) std::thread([this] { help(); }).detach();
  }

  void run(Part part, const void* work, int64_t parts) {
    std::unique_lock<std::mutex> alone(owner_, std::try_to_lock);
    if (!alone) {
      for (int64_t i = 0; i < parts; i++) part(work, i);
      return;
    }
    {
      std::lock_guard<std::mutex> lock(mutex_);
      part_ = part, work_ = work, parts_ = parts;
      next_ = 0;
      open_ = true;
      round_++;
    }
    if (asleep_ > 0) called_.notify_all();
    take();
    soon([this] { return active_ == 0; });
    std::unique_lock<std::mutex> lock(mutex_);
    open_ = false;
    left_.wait(lock, [this] { return active_ == 0; });
    if (failed_.exchange(false)) throw std::string("no memory to work in");
  }

 private:
  void take() {
    try {
      for (int64_t i = next_++; i < parts_; i = next_++) part_(work_, i);
    } catch (...) {
      failed_ = true;  // no room for a part's scratch: nothing else is thrown there
    }
  }

  void help() {
    for (uint64_t seen = 0;;) {
      const auto called = [&] { return round_ != seen; };
      soon(called);
      {
        std::unique_lock<std::mutex> lock(mutex_);
        asleep_++;
        called_.wait(lock, called);
        asleep_--;
        seen = round_;
        if (!open_) continue;
        active_++;
      }
      take();
      std::lock_guard<std::mutex> lock(mutex_);
      if (--active_ == 0) left_.notify_all();
    }
  }

  std::mutex owner_, mutex_;
  std::condition_variable called_, left_;
  std::atomic<uint64_t> round_{0};
  std::atomic<int64_t> next_{0}, active_{0}, asleep_{0};
  std::atomic<bool> failed_{false};
  bool open_ = false;
  Part part_ = nullptr;
  const void* work_ = nullptr;
  int64_t parts_ = 0;
};

}  // namespace

void runParts(Part run, const void* work, int64_t parts) {
  static Pool& pool = *new Pool(threadCount() - 1);
  pool.run(run, work, parts);
}

}  // namespace goya
