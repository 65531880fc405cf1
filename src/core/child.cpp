#include "core/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>

namespace assay {
namespace {

/// Everything the child needs, laid out before it exists: between clone and exec it shares our memory, so it
/// makes system calls and nothing else.
struct Launch {
  const char* program = nullptr;
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  const char* directory = nullptr;
  int descriptors[3] = {-1, -1, -1};
  int group = -1;
  long parent = 0;
  std::uint64_t memory_bytes = 0;
  guardian::Slot* slot = nullptr;
  long error = 0;  // of the step that failed
  const char* step = nullptr;
};

// NOLINTBEGIN: raw system calls, since the C library's wrappers may touch state that the parent owns
#define ASSAY_RAW __attribute__((no_sanitize_address, no_sanitize_thread, no_sanitize_undefined, noinline))

ASSAY_RAW long must(Launch* launch, long result, const char* step) {
  if (result == -1 && launch->step == nullptr) {
    launch->error = errno;
    launch->step = step;
  }
  return result;
}

/// A kernel's struct sigaction of any architecture, all zero: the default handler.
constexpr std::uint64_t kDefaultAction[8] = {};
/// To a control group: the process that writes.
constexpr char kSelf[] = "0";

ASSAY_RAW void reset_signals(Launch* launch) {
  for (int number = 1; number < 32; ++number) {
    if (number == SIGKILL || number == SIGSTOP) continue;
    must(launch, ::syscall(SYS_rt_sigaction, number, kDefaultAction, nullptr, 8), "reset a signal");
  }
}

ASSAY_RAW void place_descriptors(Launch* launch) {
  // A descriptor below 3 that is to become another one is first moved out of the way.
  for (int i = 0; i < 3; ++i) {
    int& from = launch->descriptors[i];
    if (from >= 0 && from < 3 && from != i)
      from = static_cast<int>(must(launch, ::syscall(SYS_fcntl, from, F_DUPFD_CLOEXEC, 3), "move a stream"));
  }
  for (int i = 0; i < 3; ++i) {
    const int from = launch->descriptors[i];
    if (from < 0) continue;
    const long done = from == i ? ::syscall(SYS_fcntl, i, F_SETFD, 0) : ::syscall(SYS_dup3, from, i, 0);
    must(launch, done, "connect a stream");
  }
}

ASSAY_RAW int child_main(void* argument) {
  auto* launch = static_cast<Launch*>(argument);
  must(launch, ::syscall(SYS_setpgid, 0, 0), "make a process group");
  if (launch->slot != nullptr)
    __atomic_store_n(launch->slot, static_cast<int>(::syscall(SYS_getpid)), __ATOMIC_SEQ_CST);
  must(launch, ::syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "tie the process to this one");
  if (::syscall(SYS_getppid) != launch->parent) ::syscall(SYS_exit, 127);
  if (launch->group >= 0) must(launch, ::syscall(SYS_write, launch->group, kSelf, 1), kEnteringGroup.data());
  reset_signals(launch);
  place_descriptors(launch);
  if (launch->memory_bytes > 0) {
    const rlimit limit{launch->memory_bytes, launch->memory_bytes};
    must(launch, ::syscall(SYS_prlimit64, 0, RLIMIT_AS, &limit, nullptr), "limit its memory");
  }
  if (launch->directory != nullptr)
    must(launch, ::syscall(SYS_chdir, launch->directory), "enter the directory");
  if (launch->step == nullptr) {
    const std::uint64_t unblocked = 0;
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &unblocked, nullptr, sizeof unblocked);
    must(launch, ::syscall(SYS_execve, launch->program, launch->arguments, launch->environment), "execute");
  }
  ::syscall(SYS_exit, 127);
  return 127;
}
// NOLINTEND

constexpr std::size_t kStackBytes = 64 * 1024;

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const auto& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

double seconds_of(const timeval& t) {
  return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
}

/// The groups that are alive, for kill_all_children.
struct Alive {
  std::mutex mutex;
  std::set<int> groups;
};
Alive& alive() {
  static Alive instance;
  return instance;
}

bool executable(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

/// The child, or -1 with the reason in `launch`.
int clone_child(Launch& launch, int& descriptor) {
  // One stack a thread, used by one child at a time: clone returns once the child has executed or ended.
  thread_local const std::unique_ptr<std::byte[]> stack(new std::byte[kStackBytes]);
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // no handler of ours may run in the child
  const int pid = ::clone(child_main, stack.get() + kStackBytes, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD,
                          &launch, &descriptor);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) {
    launch.error = error;
    launch.step = "start a process";
  }
  return pid;
}

}  // namespace

std::string describe(const ChildEnd& end) {
  if (end.signal == 0) return "exit status " + std::to_string(end.exit_code);
  return "ended by signal " + std::to_string(end.signal) + " (" + ::strsignal(end.signal) + ")";
}

bool StartFailure::transient() const {
  return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE || error == ETXTBSY;
}

std::optional<Child> Child::start(const ChildSpec& spec, StartFailure& failure) {
  const auto arguments = pointers(spec.arguments);
  std::vector<char*> environment;
  if (spec.environment) environment = pointers(*spec.environment);
  Launch launch{.program = spec.program.c_str(),
                .arguments = arguments.data(),
                .environment = spec.environment ? environment.data() : environ,
                .directory = spec.directory.empty() ? nullptr : spec.directory.c_str(),
                .descriptors = {spec.in, spec.out, spec.err},
                .group = spec.group,
                .parent = ::getpid(),
                .memory_bytes = spec.memory_bytes,
                .slot = guardian::take()};
  int descriptor = -1;
  const int pid = clone_child(launch, descriptor);
  if (pid < 0 || launch.step != nullptr) {
    if (launch.slot != nullptr) guardian::release(launch.slot);
    failure = {static_cast<int>(launch.error), launch.step};
    if (pid >= 0) {
      while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
      }
      ::close(descriptor);
    }
    return std::nullopt;
  }
  return Child(pid, descriptor, launch.slot);
}

Child::Child(int pid, int descriptor, guardian::Slot* slot) : pid_(pid), slot_(slot), ended_(descriptor) {
  const std::lock_guard lock(alive().mutex);
  alive().groups.insert(pid);
}

Child::Child(Child&& other) noexcept : pid_(other.pid_), slot_(other.slot_), ended_(std::move(other.ended_)) {
  other.pid_ = -1;
}

Child::~Child() {
  if (pid_ < 0) return;
  signal(SIGKILL);
  wait();
}

void Child::signal(int number) const {
  ::kill(-pid_, number);
}

ChildEnd Child::wait() {
  pollfd watched{ended_.get(), POLLIN, 0};
  while (::poll(&watched, 1, -1) < 0 && errno == EINTR) {
  }
  {
    // Until it is reaped, nobody else can get its number: the group that is killed is its own.
    const std::lock_guard lock(alive().mutex);
    ::kill(-pid_, SIGKILL);
    alive().groups.erase(pid_);
    if (slot_ != nullptr) guardian::release(slot_);
  }
  int status = 0;
  rusage usage{};
  while (::wait4(pid_, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return {.user_seconds = seconds_of(usage.ru_utime),
          .system_seconds = seconds_of(usage.ru_stime),
          .max_rss_kib = usage.ru_maxrss,
          .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
          .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

std::optional<std::string> find_program(const std::string& name, const std::string& directory) {
  if (name.empty()) return std::nullopt;
  if (name.find('/') != std::string::npos) {
    const auto path = std::filesystem::absolute(std::filesystem::path(directory) / name).lexically_normal();
    return executable(path.string()) ? std::optional(path.string()) : std::nullopt;
  }
  const char* set = std::getenv("PATH");
  const std::string search = set != nullptr ? set : "/usr/local/bin:/usr/bin:/bin";
  for (std::size_t at = 0; at <= search.size();) {
    const auto end = std::min(search.find(':', at), search.size());
    const std::string folder = search.substr(at, end - at);
    const auto path = std::filesystem::absolute(std::filesystem::path(folder.empty() ? "." : folder) / name);
    if (executable(path.string())) return path.lexically_normal().string();
    at = end + 1;
  }
  return std::nullopt;
}

void kill_all_children() {
  const std::lock_guard lock(alive().mutex);
  for (const int group : alive().groups) ::kill(-group, SIGKILL);
}

}  // namespace assay
