// Blocks of memory straight from the system; the largest that a thread gave back is used again.
// SPDX-License-Identifier: MIT
#include "workload/gk/aligned.hpp"

#include <sys/mman.h>

#include <algorithm>

namespace assay::workload::gk {
namespace {

constexpr std::size_t large_page = std::size_t{2} << 20;

bool is_large(std::size_t bytes) {
  return bytes >= 2 * large_page;
}

struct Spare {
  void* block = nullptr;
  std::size_t bytes = 0;

  ~Spare() { release(); }
  void release() {
    if (block != nullptr) ::munmap(block, bytes);
    block = nullptr;
  }
};
thread_local Spare spare;

}  // namespace

AlignedDoubles::AlignedDoubles(std::size_t count) : owned_(nullptr, Release{0}) {
  std::size_t bytes = std::max<std::size_t>(count, 1) * sizeof(double);
  void* block = nullptr;
  if (is_large(bytes)) {
    bytes = (bytes + large_page - 1) / large_page * large_page;
    if (spare.block != nullptr && spare.bytes >= bytes) {
      std::swap(block, spare.block);
      bytes = spare.bytes;
    }
  }
  if (block == nullptr) {
    block = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) throw std::bad_alloc();
    if (is_large(bytes)) ::madvise(block, bytes, MADV_HUGEPAGE);  // advice: else small pages serve
  }
  owned_ = {static_cast<double*>(block), Release{bytes}};
}

void AlignedDoubles::Release::operator()(double* p) const {
  if (!is_large(bytes) || (spare.block != nullptr && spare.bytes >= bytes)) {
    ::munmap(p, bytes);
    return;
  }
  spare.release();
  spare.block = p;
  spare.bytes = bytes;
}

}  // namespace assay::workload::gk
