#include "evidence/attempt_log.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "support/temporary_folder.hpp"

using namespace assay;

namespace {

plan::Outcome outcome_of(const std::string& out, const std::string& err, const std::string& cause) {
  plan::Outcome o;
  o.log.push_back({.cause = cause,
                   .message = cause == "ok" ? "" : "why\n\"so\"",
                   .exit_code = cause == "ok" ? 0 : 3,
                   .started = 1.5,
                   .wall_seconds = 0.25,
                   .cpu_seconds = 0.125,
                   .peak_kib = 1234,
                   .out = out,
                   .err = err,
                   .out_bytes = out.size(),
                   .err_bytes = err.size()});
  return o;
}

std::vector<std::pair<std::size_t, plan::Attempt>> all(const std::filesystem::path& path) {
  std::vector<std::pair<std::size_t, plan::Attempt>> found;
  evidence::read_attempts(path, [&](std::size_t task, int, const plan::Attempt& a) {
    found.emplace_back(task, a);
    return true;
  });
  return found;
}

}  // namespace

TEST_CASE("every try comes back with its bytes, whatever they are; silent successes leave no record") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "scan.attempts";
  const std::string bytes("a\0\n\xff crc {\"task\": 1}\n", 20);
  {
    evidence::AttemptLog log(path, false);
    log.append(7, outcome_of(bytes, "no\n", "exit"));
    log.append(8, outcome_of("", "", "ok"));
    log.append(9, outcome_of("out", "", "ok"));
  }
  const auto found = all(path);
  REQUIRE(found.size() == 2);
  CHECK(found[0].first == 7);
  CHECK(found[0].second.out == bytes);
  CHECK(found[0].second.err == "no\n");
  CHECK(found[0].second.message == "why\n\"so\"");
  CHECK(found[0].second.exit_code == 3);
  CHECK(found[0].second.peak_kib == 1234);
  CHECK(found[1].first == 9);
}

TEST_CASE("what was cut or changed at the end is passed over, and a long stream is cut in its middle") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "scan.attempts";
  evidence::AttemptLog(path, true).append(1, outcome_of(std::string(200000, 'x'), "", "exit"));
  evidence::AttemptLog(path, false).append(2, outcome_of("second", "", "exit"));
  const auto found = all(path);
  REQUIRE(found.size() == 2);
  CHECK(found[0].second.out.size() < 70000);
  CHECK(found[0].second.out_bytes == 200000);
  const auto size = std::filesystem::file_size(path);
  std::filesystem::resize_file(path, size - 3);
  CHECK(all(path).size() == 1);
  CHECK(all(folder.path() / "none").empty());
}
