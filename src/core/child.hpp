// A child process in a process group of its own: started at little cost, waited for by a descriptor, ended with
// everything that it started in its group.
// SPDX-License-Identifier: MIT
//
// The start is clone(CLONE_VM | CLONE_VFORK | CLONE_PIDFD): no page table is copied, about 20 us of our own CPU
// besides the exec. The child begins with an empty signal mask and default handlers, whatever the caller has
// blocked or ignored. When this process dies, however it dies, the kernel kills the child, and the guardian
// (guardian.hpp) what it has started in its group.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/file.hpp"
#include "core/guardian.hpp"

namespace assay {

struct ChildSpec {
  std::string program;                                  ///< the file to execute: see find_program
  std::vector<std::string> arguments;                   ///< all of argv, the name first
  std::optional<std::vector<std::string>> environment;  ///< NAME=value; nothing: ours
  std::string directory;                                ///< working directory; empty: ours
  int in = -1, out = -1, err = -1;  ///< descriptors of ours that become 0, 1, 2; -1: ours are inherited
  int group = -1;                   ///< of MemoryGroup::entrance: the child enters it; -1: it stays in ours
  std::uint64_t memory_bytes = 0;   ///< limit of the address space (RLIMIT_AS); 0: ours
};

/// The kernel's account of a child that has ended.
struct ChildEnd {
  double user_seconds = 0.0;  ///< of the child and of those of its children that it waited for
  double system_seconds = 0.0;
  long max_rss_kib = 0;  ///< peak resident memory; the kernel counts from the start on, so never below our own
  int exit_code = 0;
  int signal = 0;  ///< that ended it, 0 for none
};

/// "exit status 3", "ended by signal 11 (Segmentation fault)".
std::string describe(const ChildEnd& end);

/// The step of a start that fails where a control group lets no process in.
inline constexpr std::string_view kEnteringGroup = "enter its control group";

/// Why there is no child: an errno, and what failed with it.
struct StartFailure {
  int error = 0;
  std::string_view step;  ///< "execute", "enter the directory", "start a process", ...
  /// The machine is short of something for now (processes, memory, descriptors): trying later may help.
  [[nodiscard]] bool transient() const;
};

class Child {
 public:
  /// Nothing, with `failure` filled in, when it cannot be started. Call from a thread that outlives the child:
  /// the kernel ties the child to the thread.
  static std::optional<Child> start(const ChildSpec& spec, StartFailure& failure);
  /// Kills the group and reaps when nobody waited.
  ~Child();
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  /// Readable (poll) as soon as the child has ended.
  [[nodiscard]] int descriptor() const { return ended_.get(); }
  [[nodiscard]] int process() const { return pid_; }
  /// To every process of the group.
  void signal(int number) const;
  /// Blocks until the child has ended, kills what is left of its group, reaps it.
  ChildEnd wait();

 private:
  Child(int pid, int descriptor, guardian::Slot* slot);
  int pid_ = -1;
  guardian::Slot* slot_ = nullptr;  ///< of the guardian's table
  FileHandle ended_;
};

/// Where a program named as on a command line is: a name with '/' as it stands, relative to `directory`;
/// another one on the PATH. Nothing when there is no file that may be executed.
std::optional<std::string> find_program(const std::string& name, const std::string& directory = {});

/// Kills every child that is alive, with its group: the last thing that a process does which ends at once.
void kill_all_children();

}  // namespace assay
