// Tasks on the ranks of an MPI program: rank 0 gives them out, the others run them. The library itself is only
// in the program assay-mpi, which hands its ranks to this engine; the plain program starts that one
// (commands/mpi).
// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/ranks.hpp"
#include "engine/engine.hpp"

namespace assay::engine::mpi {

const Engine& instance();

/// The ranks of this process, which must be rank 0 and stay until the program ends.
void set_ranks(cluster::Ranks& ranks);
/// Nothing where MPI has not begun.
cluster::RankTransport* transport();

/// How many there are; 1 where MPI has not begun.
int ranks();

/// Whether the end may wait for all ranks, which none must have left by dying.
void set_survive(bool survive);
bool survive();

/// How the program with MPI is found: beside this one. Empty when it was not built, or is not there.
std::string program_with_mpi();

}  // namespace assay::engine::mpi
