// The MPI library behind cluster::Ranks. Linked into assay-mpi alone.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "cluster/ranks.hpp"

namespace assay::engine::mpi {

class Library : public cluster::Ranks {
 public:
  /// Every rank must call it, and all of them must reach it: the one thing at the end that waits for others.
  virtual void finalize() = 0;
};

/// Begins MPI, for one thread that talks; others may run. The environment is cleaned of what makes a program
/// that is started from here believe that it is a rank of this run, too.
std::unique_ptr<Library> begin(int& argc, char**& argv);

}  // namespace assay::engine::mpi
