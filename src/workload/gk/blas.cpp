#include "workload/gk/blas.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace assay::workload::gk {
namespace {

/// The name of its binary interface, as a program that links to it asks the loader for it.
constexpr const char* library = "libopenblas.so.0";

[[noreturn]] void missing() {
  const char* reason = ::dlerror();
  throw std::runtime_error("dense linear algebra needs OpenBLAS (apt-get install libopenblas0): " +
                           std::string(reason != nullptr ? reason : library));
}

template <class Routine>
void find(void* handle, const char* name, Routine& routine) {
  routine = reinterpret_cast<Routine>(::dlsym(handle, name));
  if (routine == nullptr) missing();
}

Blas load() {
  void* handle = ::dlopen(library, RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr) missing();
  void (*set_threads)(int) = nullptr;
  find(handle, "openblas_set_num_threads", set_threads);
  // In this order: to set a number starts the threads again.
  set_threads(1);
  // Not in a library that was built without threads.
  if (auto* end_threads = reinterpret_cast<int (*)()>(::dlsym(handle, "blas_thread_shutdown_"))) end_threads();
  Blas b{};
  find(handle, "cblas_zgemv", b.zgemv);
  find(handle, "cblas_zgemm", b.zgemm);
  find(handle, "zgeev_", b.zgeev);
  find(handle, "zgetrf_", b.zgetrf);
  find(handle, "zgetrs_", b.zgetrs);
  find(handle, "zgees_", b.zgees);
  find(handle, "ztrsen_", b.ztrsen);
  return b;
}

}  // namespace

const Blas& blas() {
  static const Blas loaded = load();
  return loaded;
}

}  // namespace assay::workload::gk
