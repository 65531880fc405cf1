// A page whose numbers are all bound, with its ledger and evidence, in memory: what the tests of binding change
// and break.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "claims/check.hpp"
#include "tests/support/temporary_folder.hpp"

namespace assay::claims::test {

inline const std::string ledger_text = R"(
[[claim]]
id = "scan.speedup"
kind = "speedup"
source = "bench.json#/measurements/[name=scan]/estimate"
unit = "x"
scope = ["8 threads", "H200"]
requires = ["pass", "I2"]

[[claim]]
id = "scan.time"
kind = "time"
source = "bench.json#/measurements/[name=time]"
unit = "s"

[[claim]]
id = "scan.rate"
kind = "throughput"
source = "bench.json#/rate"
unit = "points/s"

[[claim]]
id = "gamma"
source = "scan.csv"
column = "gamma"
where = {ky = 0.3}
scope = ["0.3"]

[[claim]]
id = "error"
kind = "accuracy"
source = "bench.json#/error"

[[claim]]
id = "tests.passed"
kind = "count"
source = "tests.xml"
count = "passed"
unit = "tests"

[[claim]]
id = "tests.all"
kind = "count"
source = "tests.xml"
count = "tests"
unit = "tests"

[[claim]]
id = "identity"
kind = "identity"
source = "bench.json#/verdicts/0/verdict"
equals = "pass"
)";

inline const std::string bench_text = R"({"rate": 5540000.0, "error": 4.4e-12,
 "measurements": [{"name": "scan", "unit": "x", "estimate": 3.147, "interval": [3.02, 3.27]},
                  {"name": "time", "unit": "s", "estimate": 0.0231, "interval": [0.0225, 0.0238]}],
 "verdicts": [{"gate": "g", "verdict": "pass", "level": "I1"}]})";

inline const std::string page_text = R"(# Page

<!-- claim: scan.speedup, scan.time -->
The scan is **3.15x** faster on 8 threads of an H200 and takes
23.1 ms.

- <!-- claim: scan.rate --> It does 5.54M points/s.
- <!-- claim: error --> The error stays at 4.4e-12.
- <!-- claim: identity --> Results are bit-identical.

<!-- claim: gamma -->
At ky = 0.3 the growth rate is 0.0926.

| suite | passed | time [ms] |
|---|---|---|
| all <!-- claim: tests.passed tests.all scan.time --> | 1,182/1,190 tests | 22.5–23.8 |
)";

// A folder with the page, its ledger and its evidence.
class Folder {
 public:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write_page() const {
    write("claims.toml", ledger_text);
    write("bench.json", bench_text);
    write("scan.csv", "ky,gamma\n0.1,0.0309313\n0.3,0.0925521\n");
    write("tests.xml", "<testsuite name=\"all\" tests=\"1190\" failures=\"3\" skipped=\"5\"></testsuite>\n");
    write("page.md", page_text);
  }
  CheckOptions options(const std::string& page = "page.md") const {
    CheckOptions o;
    o.paths = {(folder_ / page).string()};
    o.ledger = (folder_ / "claims.toml").string();
    o.strict = true;
    return o;
  }
  CheckReport check(const std::string& page = "page.md") const { return claims::check(options(page)); }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  assay::test::TemporaryFolder folder_;
};

// The rules of what a check found, in order; suppressed ones and advice left out.
inline std::string rules_of(const CheckReport& report) {
  std::string out;
  for (const auto& f : report.findings())
    if (!f.suppression && f.rule != "unused-claim") out += f.rule + " ";
  return out;
}

}  // namespace assay::claims::test
