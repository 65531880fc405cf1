// SPDX-License-Identifier: MIT
#include "evidence/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

#include "core/error.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using Catch::Contains;

namespace {

std::string refusal(const std::filesystem::path& folder) {
  try {
    const evidence::FolderLock second(folder);
  } catch (const UserError& e) {
    return e.what();
  }
  return "not refused";
}

/// Somebody else's lock, who says so.
FileHandle locked_by(const std::string& holder, const std::filesystem::path& folder) {
  test::spill(folder / ".assay.lock", holder);
  FileHandle file(::open((folder / ".assay.lock").c_str(), O_RDWR | O_CLOEXEC));
  REQUIRE(::flock(file.get(), LOCK_EX | LOCK_NB) == 0);
  return file;
}

}  // namespace

TEST_CASE("a lock that is let go within the grace is taken; its holder is named until then") {
  const test::TemporaryFolder folder;
  FileHandle other = locked_by("process 1 on here, since then", folder.path());
  CHECK(evidence::lock_holder(folder.path()) == "process 1 on here, since then");
  std::thread end([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    other.close();
  });
  CHECK(refusal(folder.path()) == "not refused");
  end.join();
  CHECK(evidence::lock_holder(folder.path()).empty());
}

TEST_CASE("a lock goes with the last process that has inherited it") {
  const test::TemporaryFolder folder;
  FileHandle other = locked_by("process 1 on here, since then", folder.path());
  const pid_t heir = ::fork();
  if (heir == 0) {
    ::pause();
    ::_exit(0);
  }
  other.close();
  CHECK_THAT(refusal(folder.path()), Contains("process 1 on here"));
  ::kill(heir, SIGKILL);
  CHECK(refusal(folder.path()) == "not refused");
  ::waitpid(heir, nullptr, 0);
}

TEST_CASE("a refusal says what can be done about a holder on another machine, and only there") {
  const test::TemporaryFolder folder;
  const FileHandle other =
      locked_by("process 12 on node7.elsewhere, since 2026-11-22T02:42:34Z", folder.path());
  CHECK_THAT(refusal(folder.path()),
             Contains("found process 12 on node7.elsewhere") && Contains("last written 20") &&
                 Contains("if node7.elsewhere has died, the file server frees the folder") &&
                 Contains("rm " + (folder.path() / ".assay.lock").string()));
  const test::TemporaryFolder ours;
  const evidence::FolderLock lock(ours.path());
  CHECK_THAT(refusal(ours.path()), !Contains("rm ") && Contains("wait until it has finished"));
}

TEST_CASE("a lock whose file was removed by hand does not remove that of the next holder") {
  const test::TemporaryFolder folder;
  auto first = std::make_unique<evidence::FolderLock>(folder.path());
  std::filesystem::remove(folder.path() / ".assay.lock");
  const evidence::FolderLock second(folder.path());
  first.reset();
  CHECK(std::filesystem::exists(folder.path() / ".assay.lock"));
  CHECK_THAT(refusal(folder.path()), Contains("in use by another run"));
}
