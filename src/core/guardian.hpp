// Ends the process groups of our children when this process ends without doing so itself: kill -9, the kernel's
// killer for want of memory, a crash.
// SPDX-License-Identifier: MIT
//
// The kernel kills a child whose parent dies (PR_SET_PDEATHSIG), not what that child has started. So a second
// process waits on a pipe that only this process holds open: when the pipe closes, it kills every group that is
// in a table which both share, and ends. A child enters its group into the table itself, between its clone and
// its exec, so there is no moment in which a running program is in nobody's care. Costs one fork a run and two
// stores to memory a child. A process that leaves its group (setsid) leaves the care, too.
#pragma once

namespace assay::guardian {

/// One place in the shared table: a group, or 0. A plain word, written with __atomic_store_n: the child that
/// writes it can call no function of the C++ library.
using Slot = int;

/// A free place, and a guardian that watches it; nullptr when there is none (a process could not be made, or
/// 4096 children are alive): the child is then only tied to this process by the kernel. From any thread.
Slot* take();
/// Gives a place back. The group must be out of the table before its leader is reaped: afterwards its number
/// may be somebody else's.
void release(Slot* slot);

}  // namespace assay::guardian
