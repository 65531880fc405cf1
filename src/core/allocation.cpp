#include "core/allocation.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool replaced = false;
#else
constexpr bool replaced = true;
#endif

namespace {

std::atomic<bool> counting{false};
std::atomic<std::uint64_t> allocated{0};
std::atomic<std::int64_t> held{0}, peak{0};

[[maybe_unused]] void* counted(void* memory) {
  if (memory == nullptr || !counting.load(std::memory_order_relaxed)) return memory;
  const auto bytes = static_cast<std::int64_t>(::malloc_usable_size(memory));
  allocated.fetch_add(static_cast<std::uint64_t>(bytes), std::memory_order_relaxed);
  const std::int64_t now = held.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  std::int64_t most = peak.load(std::memory_order_relaxed);
  while (now > most && !peak.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
  }
  return memory;
}

[[maybe_unused]] void give_back(void* memory) {
  if (memory != nullptr && counting.load(std::memory_order_relaxed))
    held.fetch_sub(static_cast<std::int64_t>(::malloc_usable_size(memory)), std::memory_order_relaxed);
  std::free(memory);
}

/// As the standard asks of operator new: the handler may free some memory, or throw.
template <class Allocate>
[[maybe_unused]] void* until_there_is(Allocate allocate) {
  for (;;) {
    if (void* memory = counted(allocate())) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

}  // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// The array and nothrow forms of the library call these.
void* operator new(std::size_t bytes) {
  return until_there_is([bytes] { return std::malloc(bytes > 0 ? bytes : 1); });
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  const std::size_t whole = (bytes + step - 1) / step * step;
  return until_there_is([=] { return std::aligned_alloc(step, whole > 0 ? whole : step); });
}
void operator delete(void* memory) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}
#endif

namespace assay {

AllocationCount::AllocationCount() {
  allocated = 0;
  held = 0;
  peak = 0;
  counting = true;
}
AllocationCount::~AllocationCount() {
  counting = false;
}
bool AllocationCount::possible() {
  return replaced;
}
std::uint64_t AllocationCount::allocated_bytes() const {
  return allocated;
}
std::uint64_t AllocationCount::peak_bytes() const {
  return static_cast<std::uint64_t>(peak.load());
}

}  // namespace assay
