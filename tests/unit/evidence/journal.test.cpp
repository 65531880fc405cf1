#include "evidence/journal.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <thread>

#include "core/crc32.hpp"
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

const evidence::JournalIdentity kIdentity{std::string(64, 'a'), 1000, "0.1.0"};

plan::Outcome outcome_of(std::size_t index) {
  plan::Outcome outcome;
  outcome.status = plan::Status::ok;
  outcome.engine = "tbb";
  outcome.observables = {{"gamma", 0.1 * static_cast<double>(index)}};
  return outcome;
}

double gamma_of(const Journal& journal, std::size_t index) {
  return std::get<double>(journal.read(index).observables.at(0).second);
}

std::string why(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing thrown";
}

}  // namespace

TEST_CASE("a journal gives back what was appended, at once and when it is opened again") {
  test::TemporaryFolder folder;
  const auto path = folder / "journal";
  {
    Journal journal(path, kIdentity, Existing::refuse);
    for (const std::size_t index : {7U, 0U, 999U}) journal.append(index, outcome_of(index));
    CHECK(journal.finished() == 3);
    CHECK(journal.has(7));
    CHECK_FALSE(journal.has(8));
    CHECK(gamma_of(journal, 999) == 0.1 * 999);
  }
  Journal journal(path, kIdentity, Existing::resume);
  CHECK(journal.recovery().tasks == 3);
  CHECK(journal.recovery().note.empty());
  CHECK(gamma_of(journal, 7) == 0.1 * 7);
  journal.append(8, outcome_of(8));
  CHECK(gamma_of(journal, 8) == 0.8);
  CHECK(journal.finished() == 4);
}

TEST_CASE("a record is in the file when append returns, before anything is synced or closed") {
  test::TemporaryFolder folder;
  Journal journal(folder / "journal", kIdentity, Existing::refuse);
  journal.append(3, outcome_of(3));
  CHECK_THAT(slurp(folder / "journal"), Contains(" 3 ok - tbb ") && Catch::EndsWith("}\n"));
}

TEST_CASE("the last record of a task counts, and the task is counted once") {
  test::TemporaryFolder folder;
  {
    Journal journal(folder / "journal", kIdentity, Existing::refuse);
    journal.append(3, outcome_of(3));
    journal.append(3, outcome_of(4));
    CHECK(journal.finished() == 1);
  }
  const Journal journal(folder / "journal", kIdentity, Existing::resume);
  CHECK(journal.finished() == 1);
  CHECK(gamma_of(journal, 3) == 0.4);
}

TEST_CASE("records longer than one read come back whole") {
  test::TemporaryFolder folder;
  Journal journal(folder / "journal", kIdentity, Existing::refuse);
  auto outcome = outcome_of(1);
  outcome.observables.emplace_back("mode", std::vector<std::complex<double>>(5000, {1.0 / 3, -2.0 / 7}));
  journal.append(1, outcome);
  journal.append(2, outcome_of(2));
  CHECK(std::get<3>(journal.read(1).observables.at(1).second).size() == 5000);
}

TEST_CASE("many threads append without losing or mixing records") {
  test::TemporaryFolder folder;
  Journal journal(folder / "journal", {std::string(64, 'a'), 8000, "0.1.0"}, Existing::refuse);
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < 8; ++t)
    threads.emplace_back([&journal, t] {
      for (std::size_t i = t; i < 8000; i += 8) journal.append(i, outcome_of(i));
    });
  threads.clear();
  CHECK(journal.finished() == 8000);
  for (std::size_t i = 0; i < 8000; i += 37) CHECK(gamma_of(journal, i) == 0.1 * static_cast<double>(i));
}

TEST_CASE("a journal with finished tasks is not overwritten by accident") {
  test::TemporaryFolder folder;
  const auto path = folder / "journal";
  { Journal(path, kIdentity, Existing::refuse).append(0, outcome_of(0)); }
  CHECK_THAT(why([&] { Journal(path, kIdentity, Existing::refuse); }),
             Contains("1 of 1000 tasks done") && Contains("--resume"));
  CHECK(Journal(path, kIdentity, Existing::overwrite).finished() == 0);
}

TEST_CASE("a journal of another plan, another version or other tasks is refused with both sides") {
  test::TemporaryFolder folder;
  const auto path = folder / "journal";
  { Journal(path, kIdentity, Existing::refuse).append(0, outcome_of(0)); }
  auto other = kIdentity;
  other.plan_sha256 = std::string(64, 'b');
  CHECK_THAT(why([&] { Journal(path, other, Existing::resume); }),
             Contains("another plan") && Contains("expected plan bbbb") && Contains("found plan aaaa"));
  other = kIdentity;
  other.tool = "0.2.0";
  CHECK_THAT(why([&] { Journal(path, other, Existing::resume); }),
             Contains("expected 0.2.0") && Contains("found 0.1.0"));
  other = kIdentity;
  other.tasks = 10;
  CHECK_THAT(why([&] { Journal(path, other, Existing::resume); }),
             Contains("expected 10 tasks") && Contains("found 1000"));
}

TEST_CASE("a journal of an older form is refused with what to do, and left alone") {
  test::TemporaryFolder folder;
  const std::string header = R"({"journal":"assay/journal/v1","tool":"0.1.0","plan_sha256":"a","tasks":1000})";
  const std::string old = fmt::format("{:08x} ", crc32(header)) + header + "\n";
  spill(folder / "journal", old);
  CHECK_THAT(why([&] { Journal(folder / "journal", kIdentity, Existing::resume); }),
             Contains("expected assay/journal/v2") && Contains("found assay/journal/v1") &&
                 Contains("finish it with the version of assay that started it (0.1.0)"));
  CHECK(slurp(folder / "journal") == old);
}

TEST_CASE("a file that is no journal is left alone") {
  test::TemporaryFolder folder;
  for (const std::string content : {"my thesis", "my thesis\n", "my thesis\nchapter 2\n"}) {
    spill(folder / "journal", content);
    CHECK_THAT(why([&] { Journal(folder / "journal", kIdentity, Existing::resume); }), Contains("no journal"));
    CHECK(slurp(folder / "journal") == content);
  }
  CHECK_THAT(why([&] { Journal(folder / "none" / "journal", kIdentity, Existing::resume); }),
             Contains("mkdir -p"));
}

TEST_CASE("removing the journal leaves an empty folder") {
  test::TemporaryFolder folder;
  Journal journal(folder / "journal", kIdentity, Existing::refuse);
  journal.append(0, outcome_of(0));
  journal.sync();
  journal.remove();
  CHECK(folder.entries() == 0);
}

TEST_CASE("a second run on the same folder is refused and told who holds it; afterwards nothing remains") {
  test::TemporaryFolder folder;
  {
    const evidence::FolderLock lock(folder.path());
    CHECK_THAT(why([&] { evidence::FolderLock second(folder.path()); }),
               Contains("in use by another run") && Contains("process " + std::to_string(::getpid())) &&
                   Contains("--out") && Contains("last written 20"));
  }
  CHECK(folder.entries() == 0);
  spill(folder / ".assay.lock", "process 1, long dead");
  const evidence::FolderLock lock(folder.path());
  CHECK_THAT(slurp(folder / ".assay.lock"), Contains(std::to_string(::getpid())));
}
