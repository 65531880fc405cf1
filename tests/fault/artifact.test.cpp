// What happens to artifacts when the disk is full, a folder cannot be written, or a byte is changed afterwards.
// SPDX-License-Identifier: MIT
#include "evidence/artifact.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

#include "core/atomic_file.hpp"
#include "core/error.hpp"
#include "evidence/artifact_digest.hpp"
#include "evidence/journal.hpp"
#include "evidence/schemas.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using namespace assay::evidence;
using Catch::Contains;
using test::slurp;
using test::spill;

namespace {

ArtifactHead head_of_scan() {
  const auto example = parse_json(slurp("schemas/examples/scan.v1/valid.json"), "example");
  ArtifactHead head;
  head.kind = "scan";
  head.config = example["config"];
  head.coordinates = {"ky"};
  head.observables = {{"gamma", "1", "relative", "", Shape::scalar}};
  head.provenance = example["provenance"];
  return head;
}

void write_scan(const std::filesystem::path& folder, std::size_t results) {
  ArtifactFile file(folder, "scan", head_of_scan(), Sidecar::csv);
  plan::Outcome outcome;
  outcome.status = plan::Status::ok;
  for (std::size_t i = 0; i < results; ++i) {
    outcome.observables = {{"gamma", 0.1 * static_cast<double>(i)}};
    file.result(i, {{"ky", 0.05 * static_cast<double>(i)}}, outcome);
  }
  file.finish({});
}

// Whether a changed text is noticed by anything that check-artifacts will look at.
bool noticed(const std::string& text) {
  try {
    const auto document = parse_json(text, "scan.json");
    return !validate("scan", document).empty() || !digest_errors(text, document).empty();
  } catch (const UserError&) {
    return true;
  }
}

// Runs in a child with a tiny file system of its own mounted over `folder`; 77 when this host does not allow
// that.
template <class Body>
int on_tiny_file_system(const std::filesystem::path& folder, const char* options, Body body) {
  const auto child = ::fork();
  if (child == 0) {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options) != 0)
      ::_exit(77);
    try {
      ::_exit(body() ? 0 : 1);
    } catch (...) {
      ::_exit(2);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool allowed(int status) {
  if (status == 77) WARN("this host does not let a test mount a file system; the case was not tried");
  return status != 77;
}

std::size_t entries_of(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

}  // namespace

TEST_CASE("any single changed byte of an artifact is noticed") {
  test::TemporaryFolder folder;
  write_scan(folder.path(), 3);
  const auto text = slurp(folder / "scan.json");
  REQUIRE_FALSE(noticed(text));
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    for (const unsigned flip : {0x01U, 0x02U, 0x10U, 0x20U}) {
      auto changed = text;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ flip);
      INFO("byte " << at << " of " << text.size());
      REQUIRE(noticed(changed));
    }
  }
}

TEST_CASE("a number changed together with its digest of bytes is still noticed by the digest of the content") {
  test::TemporaryFolder folder;
  write_scan(folder.path(), 3);
  auto document = parse_json(slurp(folder / "scan.json"), "scan");
  document["results"][1]["observables"]["gamma"] = 0.2;
  auto text = to_text(document) + "\n";
  document["sha256"] = text_sha256(text);
  text = to_text(document) + "\n";
  const auto errors = digest_errors(text, document);
  REQUIRE(errors.size() == 1);
  CHECK_THAT(errors[0], Contains("content_sha256 does not fit"));
}

TEST_CASE("cut at any byte, an artifact is no document any more") {
  test::TemporaryFolder folder;
  write_scan(folder.path(), 3);
  const auto text = slurp(folder / "scan.json");
  for (std::size_t length = 0; length + 1 < text.size(); ++length) REQUIRE(noticed(text.substr(0, length)));
}

TEST_CASE("killed while it writes, a run leaves the old artifact, and the next one clears up behind it") {
  test::TemporaryFolder folder;
  write_scan(folder.path(), 3);
  const auto before = slurp(folder / "scan.json");
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const auto child = ::fork();
  if (child == 0) {
    AtomicFile file(folder / "scan.json");
    file.write(std::string(1 << 20, 'x'));
    if (::write(ready[1], "x", 1) != 1) ::_exit(2);
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK(entries_of(folder.path()) == 3);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(slurp(folder / "scan.json") == before);
  write_scan(folder.path(), 3);
  CHECK(slurp(folder / "scan.json") == before);
  CHECK(entries_of(folder.path()) == 2);
}

TEST_CASE("when the disk fills up while an artifact is written, the old one stays and nothing lies beside it") {
  test::TemporaryFolder folder;
  const auto status = on_tiny_file_system(folder.path(), "size=256k", [&] {
    write_scan(folder.path(), 10);
    const auto before = slurp(folder / "scan.json");
    try {
      write_scan(folder.path(), 20000);
      return false;
    } catch (const EnvironmentError& error) {
      const std::string message = error.what();
      return message.find("No space left on device") != std::string::npos &&
             message.find("free space") != std::string::npos && slurp(folder / "scan.json") == before &&
             entries_of(folder.path()) == 2;
    }
  });
  if (allowed(status)) CHECK(status == 0);
}

TEST_CASE("when the disk fills up under a journal, every finished task is there once there is room") {
  test::TemporaryFolder folder;
  const auto status = on_tiny_file_system(folder.path(), "size=128k", [&] {
    const JournalIdentity identity{std::string(64, 'd'), 100000, "0.1.0"};
    plan::Outcome outcome;
    outcome.status = plan::Status::ok;
    outcome.observables = {{"gamma", 0.1}};
    std::size_t finished = 0;
    spill(folder / "ballast", std::string(32768, 'x'));
    try {
      Journal journal(folder / "journal", identity, Existing::refuse);
      for (; finished < identity.tasks; ++finished) journal.append(finished, outcome);
    } catch (const EnvironmentError& error) {
      if (std::string(error.what()).find("tasks are safe") == std::string::npos) return false;
    }
    std::filesystem::remove(folder / "ballast");
    Journal journal(folder / "journal", identity, Existing::resume);
    if (journal.finished() != finished || !journal.recovery().note.empty()) return false;
    journal.append(finished, outcome);
    return journal.finished() == finished + 1;
  });
  if (allowed(status)) CHECK(status == 0);
}

TEST_CASE("a read-only file system is said to be one, for artifacts and journals") {
  test::TemporaryFolder folder;
  const auto status = on_tiny_file_system(folder.path(), "size=64k,ro", [&] {
    int said = 0;
    const auto expect = [&](auto action) {
      try {
        action();
      } catch (const EnvironmentError& error) {
        if (std::string(error.what()).find("read-only") != std::string::npos) ++said;
      }
    };
    expect([&] { write_file_atomically(folder / "a", "x"); });
    expect([&] { write_scan(folder.path(), 1); });
    expect([&] { Journal(folder / "journal", {std::string(64, 'd'), 1, "0.1.0"}, Existing::refuse); });
    return said == 3;
  });
  if (allowed(status)) CHECK(status == 0);
}
