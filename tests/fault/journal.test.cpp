// What a journal does when it is cut anywhere, damaged anywhere, or cannot grow: it gives back a beginning of
// what was written, or refuses. It never gives back something that was not written.
// SPDX-License-Identifier: MIT
#include "evidence/journal.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>

#include "core/error.hpp"
#include "evidence/folder_lock.hpp"
#include "evidence/outcome_text.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using Catch::Contains;
using evidence::Existing;
using evidence::Journal;
using test::slurp;
using test::spill;

namespace {

constexpr std::size_t kTasks = 6;
const evidence::JournalIdentity kIdentity{std::string(64, 'c'), kTasks, "0.1.0"};

plan::Outcome outcome_of(std::size_t index) {
  plan::Outcome outcome;
  outcome.status = index % 2 == 0 ? plan::Status::ok : plan::Status::unconverged;
  outcome.engine = "serial";
  outcome.observables = {{"gamma", 1.0 / (1.0 + static_cast<double>(index))},
                         {"mode", std::complex<double>(0.25, -1.0)}};
  return outcome;
}

std::string text_of(const plan::Outcome& outcome) {
  std::string out;
  evidence::append_outcome(out, outcome);
  return out;
}

std::string whole_journal(const test::TemporaryFolder& folder) {
  {
    Journal journal(folder / "journal", kIdentity, Existing::overwrite);
    for (std::size_t i = 0; i < kTasks; ++i) journal.append(i, outcome_of(i));
  }
  return slurp(folder / "journal");
}

// Tasks are appended in order, so what survives must be tasks 0 to n-1, each as it was written.
std::size_t surviving_beginning(const Journal& journal) {
  const auto count = journal.finished();
  for (std::size_t i = 0; i < kTasks; ++i) {
    REQUIRE(journal.has(i) == (i < count));
    if (i < count) REQUIRE(text_of(journal.read(i)) == text_of(outcome_of(i)));
  }
  return count;
}

std::size_t newlines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("cut at any byte, a journal keeps every whole record, says what it dropped, and can be continued") {
  test::TemporaryFolder folder;
  const auto whole = whole_journal(folder);
  const auto path = folder / "journal";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const auto cut = whole.substr(0, length);
    spill(path, cut);
    const auto records = newlines(cut) == 0 ? 0 : newlines(cut) - 1;
    {
      Journal journal(path, kIdentity, Existing::resume);
      REQUIRE(surviving_beginning(journal) == records);
      const bool within_a_record = records + newlines(cut) > 0 && cut.back() != '\n';
      REQUIRE(journal.recovery().note.empty() == !within_a_record);
      for (std::size_t i = records; i < kTasks; ++i) journal.append(i, outcome_of(i));
    }
    REQUIRE(slurp(path) == whole);
  }
}

TEST_CASE("any single damaged byte is refused, or costs only records at the end; no wrong number comes back") {
  test::TemporaryFolder folder;
  const auto whole = whole_journal(folder);
  const auto path = folder / "journal";
  std::size_t refused = 0;
  std::size_t shortened = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned flip : {0x01U, 0x20U, 0x80U, 0xFFU}) {
      auto damaged = whole;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ flip);
      spill(path, damaged);
      try {
        const Journal journal(path, kIdentity, Existing::resume);
        REQUIRE(surviving_beginning(journal) < kTasks);
        REQUIRE_FALSE(journal.recovery().note.empty());
        ++shortened;
      } catch (const UserError& error) {
        REQUIRE_THAT(error.what(), Contains(path.string()) && Contains("remove"));
        REQUIRE(slurp(path) == damaged);
        ++refused;
      }
    }
  }
  CHECK(refused > 3 * whole.size());
  CHECK(shortened > 0);
}

TEST_CASE("damage in the middle names the byte and the line, and nothing is changed on disk") {
  test::TemporaryFolder folder;
  auto damaged = whole_journal(folder);
  const auto second_record = damaged.find('\n', damaged.find('\n') + 1) + 1;
  damaged[second_record + 30] ^= 1;
  spill(folder / "journal", damaged);
  CHECK_THROWS_WITH(Journal(folder / "journal", kIdentity, Existing::resume),
                    Contains("damaged at byte " + std::to_string(second_record) + " (line 3)") &&
                        Contains("no interrupted write"));
}

TEST_CASE("every span zeroed at the end, as a power cut leaves it, costs only the records it touches") {
  test::TemporaryFolder folder;
  const auto whole = whole_journal(folder);
  const auto header = whole.find('\n') + 1;
  for (std::size_t from = header; from < whole.size(); from += 7) {
    auto cut = whole;
    std::fill(cut.begin() + static_cast<std::ptrdiff_t>(from), cut.end(), '\0');
    spill(folder / "journal", cut);
    const Journal journal(folder / "journal", kIdentity, Existing::resume);
    REQUIRE(surviving_beginning(journal) == newlines(whole.substr(0, from)) - 1);
  }
}

TEST_CASE("when the disk is full the record is taken back, the rest is safe, and more room lets it go on") {
  test::TemporaryFolder folder;
  const auto whole = whole_journal(folder);
  const auto path = folder / "journal";
  const auto second_record = whole.find('\n', whole.find('\n') + 1) + 1;
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  for (std::size_t room = second_record; room < whole.size(); room += 5) {
    Journal journal(path, kIdentity, Existing::overwrite);
    const rlimit limit{room, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    std::size_t written = 0;
    std::string message;
    try {
      for (; written < kTasks; ++written) journal.append(written, outcome_of(written));
    } catch (const EnvironmentError& error) {
      message = error.what();
    }
    CHECK_THROWS_AS(journal.append(written, outcome_of(written)), EnvironmentError);
    ::setrlimit(RLIMIT_FSIZE, &before);
    REQUIRE_THAT(message, Contains("cannot write the journal " + path.string()) && Contains("ulimit -f") &&
                              Contains(std::to_string(written) + " of 6 tasks are safe") &&
                              Contains("--resume"));
    REQUIRE(slurp(path) == whole.substr(0, slurp(path).size()));
    REQUIRE(surviving_beginning(journal) == written);
  }
  Journal journal(path, kIdentity, Existing::resume);
  REQUIRE(journal.recovery().note.empty());
  for (std::size_t i = journal.finished(); i < kTasks; ++i) journal.append(i, outcome_of(i));
  CHECK(slurp(path) == whole);
}

TEST_CASE("killed at any moment, a writer loses nothing that append returned from") {
  test::TemporaryFolder folder;
  const auto path = folder / "journal";
  const evidence::JournalIdentity identity{std::string(64, 'c'), 100000, "0.1.0"};
  for (int round = 0; round < 20; ++round) {
    int channel[2];
    REQUIRE(::pipe(channel) == 0);
    const auto child = ::fork();
    if (child == 0) {
      try {
        const evidence::FolderLock lock(folder.path());
        Journal journal(path, identity, Existing::overwrite);
        for (std::uint32_t i = 0; i < identity.tasks; ++i) {
          journal.append(i, outcome_of(i % kTasks));
          if (::write(channel[1], &i, sizeof i) != sizeof i) ::_exit(2);
        }
      } catch (...) {
        ::_exit(3);
      }
      ::_exit(0);
    }
    ::close(channel[1]);
    std::uint32_t last = 0;
    for (int i = 0; i < 50 + round * 97; ++i) REQUIRE(::read(channel[0], &last, sizeof last) == sizeof last);
    ::kill(child, SIGKILL);
    while (::read(channel[0], &last, sizeof last) == sizeof last) {
    }
    ::close(channel[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    const evidence::FolderLock lock(folder.path());
    const Journal journal(path, identity, Existing::resume);
    REQUIRE(journal.finished() >= last + 1);
    REQUIRE(journal.finished() <= last + 2);
    REQUIRE(text_of(journal.read(last)) == text_of(outcome_of(last % kTasks)));
  }
}

TEST_CASE("a second process on the folder fails while the first lives, and gets in when it is gone") {
  test::TemporaryFolder folder;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const auto child = ::fork();
  if (child == 0) {
    const evidence::FolderLock lock(folder.path());
    if (::write(ready[1], "x", 1) != 1) ::_exit(2);
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK_THROWS_WITH(evidence::FolderLock(folder.path()), Contains("process " + std::to_string(child)));
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK_NOTHROW(evidence::FolderLock(folder.path()));
}
