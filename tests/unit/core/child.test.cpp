#include "core/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <thread>

#include "support/temporary_folder.hpp"

using namespace assay;

namespace {

struct Ran {
  ChildEnd end;
  std::string output;
};

/// Runs to the end with stdout in a file.
Ran run(ChildSpec spec, const std::filesystem::path& folder) {
  const auto file = folder / "out";
  const FileHandle out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  spec.out = out.get();
  StartFailure failure;
  auto child = Child::start(spec, failure);
  if (!child) FAIL("cannot " << failure.step << ": errno " << failure.error);
  Ran ran{child->wait(), {}};
  ran.output = read_file(file);
  return ran;
}

ChildSpec shell(const std::string& script) {
  return {.program = "/bin/sh", .arguments = {"sh", "-c", script}};
}

}  // namespace

TEST_CASE("a child gets its arguments as they are, its own environment and directory, and its end is told") {
  const test::TemporaryFolder folder;
  const std::string hostile = "a'b\"c\n;$(id) -\xff";
  const auto printed =
      run({.program = "/usr/bin/printf", .arguments = {"printf", "%s|", hostile, "-x"}}, folder.path());
  CHECK(printed.output == hostile + "|-x|");
  ChildSpec spec = shell("echo \"$ONLY $PWD\"; exit 3");
  spec.environment = {"ONLY=this"};
  spec.directory = "/";
  const auto ran = run(spec, folder.path());
  CHECK(ran.output == "this /\n");
  CHECK(ran.end.exit_code == 3);
  CHECK(describe(ran.end) == "exit status 3");
  const auto killed = run(shell("kill -9 $$"), folder.path());
  CHECK(killed.end.signal == SIGKILL);
  CHECK(run(shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"), folder.path()).end.user_seconds > 0.0);
}

TEST_CASE("a child starts with no signal blocked or ignored, whatever its parent has done") {
  const test::TemporaryFolder folder;
  sigset_t set, before;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&set, number);
  ::pthread_sigmask(SIG_BLOCK, &set, &before);
  const auto old = ::signal(SIGPIPE, SIG_IGN);
  const auto ran = run(shell("grep -E '^Sig(Blk|Ign)' /proc/self/status"), folder.path());
  ::signal(SIGPIPE, old);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  CHECK(ran.output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_CASE("what cannot be started says which step failed and why, and leaves nothing behind") {
  StartFailure failure;
  CHECK_FALSE(Child::start({.program = "/no/such/program", .arguments = {"x"}}, failure));
  CHECK(failure.error == ENOENT);
  CHECK(failure.step == "execute");
  ChildSpec spec = shell("true");
  spec.directory = "/no/such/folder";
  CHECK_FALSE(Child::start(spec, failure));
  CHECK(failure.step == "enter the directory");
  CHECK_FALSE(failure.transient());
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}

TEST_CASE("signals reach the whole group, and waiting leaves none of it alive") {
  const test::TemporaryFolder folder;
  const auto note = (folder.path() / "pid").string();
  StartFailure failure;
  auto child = Child::start(shell("sleep 600 & echo $! > " + note + "; exit 0"), failure);
  REQUIRE(child);
  child->wait();
  int grandchild = 0;
  std::ifstream(note) >> grandchild;
  REQUIRE(grandchild > 0);
  // It is killed, not yet reaped by init perhaps: a zombie or gone.
  std::string state = "Z";
  for (int i = 0; i < 500; ++i) {
    std::ifstream status("/proc/" + std::to_string(grandchild) + "/stat");
    std::string id, name;
    if (!(status >> id >> name >> state) || state == "Z") break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK((state == "Z" || ::kill(grandchild, 0) != 0));
  auto sleeping = Child::start(shell("sleep 600; true"), failure);
  REQUIRE(sleeping);
  sleeping->signal(SIGTERM);
  CHECK(sleeping->wait().signal == SIGTERM);
}

TEST_CASE("a memory limit holds") {
  const test::TemporaryFolder folder;
  ChildSpec spec = shell("ulimit -v");
  spec.memory_bytes = 512ULL << 20U;
  CHECK(run(spec, folder.path()).output == "524288\n");
}

TEST_CASE("programs are found as a shell finds them") {
  CHECK(find_program("sh").has_value());
  CHECK_FALSE(find_program("no-such-program-anywhere").has_value());
  CHECK(find_program("./sh", "/bin") == "/bin/sh");
  CHECK_FALSE(find_program("/tmp").has_value());
}
