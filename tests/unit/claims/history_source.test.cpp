// A page may quote the latest run of a history, and goes wrong when a later run says otherwise.
// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "bench/history.hpp"
#include "binding_page.hpp"

using namespace assay::claims;
using namespace assay::claims::test;
namespace bench = assay::bench;

namespace {

// "old" against "new", eight pairs, each a little apart.
bench::Measurement measured(double old_seconds, double new_seconds, const std::string& cpu = "C") {
  bench::Measurement m;
  m.design = {.arms = {{"old", "./old"}, {"new", "./new"}}, .blocks = 8, .looks = {}, .warmup = 0};
  m.machine.cpu = cpu;
  for (int block = 0; block < 8; ++block)
    for (int arm = 0; arm < 2; ++arm) {
      bench::Sample sample{.block = block, .position = arm, .arm = arm, .start_seconds = 0.0, .run = {}};
      sample.run.wall_seconds = (arm == 0 ? old_seconds : new_seconds) * (1.0 + 0.002 * (block - 3.5));
      m.samples.all.push_back(sample);
    }
  m.samples.complete_blocks = 8;
  return m;
}

class Page : public Folder {
 public:
  void add(const bench::Measurement& m, const std::string& day) const {
    bench::History(path() / "times.sqlite", bench::History::Mode::create).add(m, day + "T12:00:00Z", "", day);
  }
  std::string rules(const std::string& keys, const std::string& sentence) const {
    write("claims.toml", "[[claim]]\nid = \"c\"\nsource = \"times.sqlite\"\n" + keys + "\n");
    write("page.md", "# Page\n\n<!-- claim: c -->\n" + sentence + "\n");
    return rules_of(check());
  }
};

const std::string time_key = "kind = \"time\"\nhistory = {arm = \"new\"}\nunit = \"s\"";
const std::string ratio_key = "kind = \"speedup\"\nhistory = {arm = \"new\", against = \"old\"}";

}  // namespace

TEST_CASE("a time is that of the latest run, and a later run makes the page wrong") {
  const Page page;
  page.add(measured(3.0, 2.0), "2026-11-01");
  CHECK(page.rules(time_key, "The solver takes 2.00 s.").empty());
  CHECK(page.rules(time_key, "The solver takes 2000 ms.").empty());
  CHECK(page.rules(time_key, "The solver takes 2.10 s.") == "value-mismatch ");
  page.add(measured(3.0, 1.5), "2026-11-02");
  CHECK(page.rules(time_key, "The solver takes 2.00 s.") == "value-mismatch ");
  CHECK(page.rules(time_key, "The solver takes 1.50 s.").empty());
  CHECK(page.rules("kind = \"time\"\nhistory = {arm = \"new\", until = \"2026-11-01\"}",
                   "The solver takes 2.00 s.")
            .empty());
  CHECK(page.rules("history = {arm = \"new\"}\nquote = \"count\"", "It was measured in 2 runs.").empty());
  CHECK(page.rules("kind = \"time\"\nquote = \"mean\"\nhistory = {arm = \"new\"}", "It takes 1.75 s.").empty());
}

TEST_CASE("a speedup is the ratio of two arms of one report, with its interval") {
  const Page page;
  page.add(measured(3.0, 1.5), "2026-11-02");
  CHECK(page.rules(ratio_key, "The solver is 2.0x faster.").empty());
  CHECK(page.rules(ratio_key, "The solver is 2.0x slower.") == "direction-mismatch ");
  CHECK(page.rules(ratio_key, "The solver is at least 2.1x faster.") == "overclaim ");
  CHECK(page.rules("kind = \"speedup\"\nhistory = {arm = \"new\", against = \"gone\"}", "It is 2.0x faster.")
            .starts_with("value-missing "));
}

TEST_CASE("runs of two hosts are not mixed, and age counts from the run") {
  const Page page;
  page.add(measured(3.0, 2.0, "first"), "2026-11-01");
  page.add(measured(3.0, 4.0, "second"), "2026-11-02");
  CHECK(page.rules(time_key, "The solver takes 4.00 s.") == "value-missing ");
  const std::string one = "kind = \"time\"\nhistory = {arm = \"new\", host = \"first\"}";
  CHECK(page.rules(one, "The solver takes 2.00 s.").empty());
  CHECK(page.rules(one + "\nmax-age = 36500", "The solver takes 2.00 s.").empty());
  CHECK(page.rules("kind = \"time\"\nhistory = {arm = \"none\"}", "It takes 4.00 s.") == "value-missing ");
  page.write("times.sqlite", "no database, but long enough to be read as one, or so it seems to the reader");
  CHECK(page.rules(one, "The solver takes 2.00 s.") == "value-missing ");
}
