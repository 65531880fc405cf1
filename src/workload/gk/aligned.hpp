// States that start on a cache line: every vector of an unaligned one crosses lines, which costs the
// right-hand side a tenth of its time.
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace assay::workload::gk {

template <class T>
struct CacheLineAllocator {
  using value_type = T;
  static constexpr std::align_val_t line{64};
  CacheLineAllocator() = default;
  template <class U>
  CacheLineAllocator(const CacheLineAllocator<U>&) {}  // NOLINT: conversion, as allocators have
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), line)); }
  void deallocate(T* p, std::size_t) { ::operator delete(p, line); }
  friend bool operator==(const CacheLineAllocator&, const CacheLineAllocator&) { return true; }
};

/// Doubles that start on a cache line, with any contents. Many of them come in large pages where the system has
/// some, and from what this thread gave back: a solve of the direct route walks through 100 MB, and making
/// those anew for each point took a twelfth of a Cyclone scan. A thread keeps one block, its largest, until it
/// ends.
class AlignedDoubles {
 public:
  explicit AlignedDoubles(std::size_t count = 0);
  [[nodiscard]] double* data() const { return owned_.get(); }

 private:
  struct Release {
    std::size_t bytes;
    void operator()(double* p) const;
  };
  std::unique_ptr<double, Release> owned_;
};

using AlignedState = std::vector<std::complex<double>, CacheLineAllocator<std::complex<double>>>;

}  // namespace assay::workload::gk
