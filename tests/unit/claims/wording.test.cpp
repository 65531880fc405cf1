// How authors of other kinds of software put it: databases, learning, linear algebra, flows, genomes, servers,
// compilers. The sentences are invented; each stands for a way of saying something, none for itself.
// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <string>

#include "claims/finder.hpp"
#include "claims/markdown.hpp"

using namespace assay::claims;

namespace {

bool is_claim(const std::string& body) {
  static const auto finder = builtin_finder();
  const auto result =
      finder->find(read_markdown("quill.md", "# Quill\n\nQuill is a toolbox for data.\n\n" + body + "\n"));
  return std::any_of(result.findings.begin(), result.findings.end(),
                     [](const Finding& f) { return f.level != Level::note; });
}

}  // namespace

TEST_CASE("claims as other fields word them") {
  const std::string sentence = GENERATE(
      as<std::string>{}, "Point queries return in under 2 ms at the 99th percentile.",
      "Quill ingests 1.2 million rows per second on a laptop.",
      "Tables larger than memory are streamed from disk.", "Writes are replicated across three nodes.",
      "Quill speaks the PostgreSQL wire protocol.", "Training a ResNet takes 14 minutes on eight V100s.",
      "The fused optimizer cuts peak memory by 35 %.", "Reaches 97.2 % top-1 accuracy on the validation set.",
      "Models can be exported to ONNX and loaded from C++.",
      "The factorization sustains 78 % of peak on one socket.", "Sparse products are vectorised with AVX2.",
      "The multigrid solver converges in linear time.",
      "The scheme is second-order accurate in space and time.",
      "Drag agrees with the wind-tunnel data to within 1.5 %.",
      "Weak scaling stays above 90 % up to 2048 GPUs.", "Reads are aligned twice as fast as with LibBar.",
      "The index of the human genome fits in 3.2 GB of RAM.", "BAM and CRAM files can be read and written.",
      "One worker serves 250k requests per second.", "Connections are handled asynchronously on every core.",
      "Supports HTTP/2 and WebSockets.", "Incremental builds finish in milliseconds.",
      "Generated code runs within 5 % of hand-written assembly.",
      "The compiler targets x86-64, AArch64 and RISC-V.", "Wheels are published for Linux, macOS and Windows.",
      "It ships as a single static binary.", "Quill is written in portable C99 with no dependencies.",
      "Used in production by hundreds of companies.", "More than 4,000 unit tests run on each commit.",
      "The parser has been fuzzed for years and is battle-tested.",
      "Each run is fully deterministic for a given seed.",
      "The output is byte-for-byte identical to that of the reference encoder.",
      "Kernels are written in CUDA and HIP.", "The sampler runs on GPUs and TPUs through XLA.",
      "Jobs scale out across a Kubernetes cluster.", "The allocator is lock-free.",
      "A blazing-fast JSON parser.", "Lightweight and easy to embed.", "- ✅ Zero-copy reads",
      "It can be installed with `pip`.", "Queries run in parallel on all cores.",
      "Quill is up to an order of magnitude faster than LibBar.", "Compression is lossless.",
      "The decoder was validated against the official conformance suite.");
  INFO(sentence);
  CHECK(is_claim(sentence));
}

TEST_CASE("what other fields write that promises nothing") {
  const std::string sentence = GENERATE(
      as<std::string>{}, "Quill does not support transactions across nodes.",
      "GPU kernels are not implemented yet.", "Support for ROCm is on the roadmap.",
      "We plan to port the solver to MPI.", "Distributed tracing will follow.",
      "LibBar is a fast column store.", "Traditional databases are slow.",
      "Set `threads = 8` to use more cores.", "Install the CUDA toolkit first.",
      "Requires a GPU with 16 GB of memory.", "Is it faster than LibBar?", "How do I run it on a cluster?",
      "See the benchmarks page for details.", "The batch size is 64.", "Run the tests with `ctest -j 4`.",
      "If built with OpenMP, loops run in parallel.", "Before 2.0 the reader was ten times slower.",
      "Version 1.3 added AVX-512 kernels.", "Sentences such as \"3x faster\" need evidence.",
      "A speedup would have to be measured first.", "The sampling rate is 44.1 kHz.",
      "The time step must be smaller than 1 ms.", "Each release must pass all tests.",
      "The fast multipole method splits near and far fields.", "Particle accelerators are long.",
      "Copyright 2024, distributed under the MIT licence.",
      "Please cite \"Quill: fast queries\", J. Data 12 (2021).", "The problem is memory-bound.",
      "Experiments were run on two nodes with 64 cores each.", "- [ ] Windows support", "- ❌ GPU backend",
      "This page describes how performance is measured.", "Contributions to the CUDA backend are welcome.",
      "The default is `cuda`.", "Parallel lines never meet.");
  INFO(sentence);
  CHECK_FALSE(is_claim(sentence));
}

TEST_CASE("systems side by side: the column that names the documented one claims") {
  const std::string table =
      "| | LibBar | Quill |\n|---|---|---|\n| Load time | 4.1 s | 0.9 s |\n| License | GPL | MIT |";
  CHECK(is_claim(table));
  CHECK_FALSE(is_claim("| | LibBar | LibBaz |\n|---|---|---|\n| Origin | GPU lab | MPI forum |"));
}

TEST_CASE("a matrix of what is supported claims row by row") {
  CHECK(is_claim("| Operation | CPU | CUDA |\n|---|---|---|\n| sort | ✅ | ✅ |"));
  CHECK_FALSE(is_claim("| Operation | CPU | CUDA |\n|---|---|---|\n| sort | ❌ | ❌ |"));
}

TEST_CASE("a name of several words is one's own however it is joined") {
  static const auto finder = builtin_finder();
  const auto found = finder->find(
      read_markdown("g.md",
                    "# Fast Grid generation\n\n**fast-grid** is a mesher.\n\n## Benchmark\n\n"
                    "| Implementation | Time |\n|---|---|\n| fast-grid | 1m03s |\n| othergrid | 2m23s |\n"));
  std::vector<std::uint32_t> rows;
  for (const auto& f : found.findings)
    if (f.claim == ClaimClass::speed && f.begin.line > 6) rows.push_back(f.begin.line);
  CHECK(rows == std::vector<std::uint32_t>{9});
}

TEST_CASE("what stands below a version or a date is history; numbered sections are not") {
  const std::string heading = GENERATE(as<std::string>{}, "v2.1.0 (2025-03-27)", "[0.9.1] - 2020-07-17",
                                       "1.4.2", "Version 1.4", "2025-03-27", "Unreleased");
  INFO(heading);
  CHECK_FALSE(is_claim("## " + heading + "\n\n- Parsing is 3x faster."));
  CHECK(is_claim("## 3.1 Results\n\nParsing is 3x faster."));
}

TEST_CASE("a ratio to the documented system in the rows of others is theirs") {
  static const auto finder = builtin_finder();
  const auto found =
      finder->find(read_markdown("q.md",
                                 "# Quill\n\n| Library | Time (ms) | vs. Quill |\n|---|---|---|\n| Quill | "
                                 "0.03 | 1 |\n| LibBar | 0.18 | 4.6 |\n"));
  std::vector<std::uint32_t> rows;
  for (const auto& f : found.findings)
    if (f.level != Level::note) rows.push_back(f.begin.line);
  CHECK(rows == std::vector<std::uint32_t>{5});
}

TEST_CASE("a file of changes is history from beginning to end, whatever its headings") {
  const auto finder = builtin_finder();
  const std::string text = "# What is new\n\n## Solver\n\n- The solver is now 3x faster on GPUs.\n";
  for (const auto name : {"CHANGELOG.md", "docs/news.md", "release_notes_v2.md", "a/CHANGES.md"}) {
    const auto result = finder->find(read_markdown(name, text));
    INFO(name);
    CHECK(result.findings.empty());
    REQUIRE_FALSE(result.scoped.empty());
    CHECK(result.scoped[0].polarity == Polarity::historical);
  }
  for (const auto name : {"README.md", "docs/newspaper.md", "historyless.md"})
    CHECK_FALSE(finder->find(read_markdown(name, text)).findings.empty());
}

TEST_CASE("a number that belongs to a name is no figure of a claim") {
  const auto figures = [](const std::string& sentence) {
    std::size_t n = 0;
    for (const auto& f :
         builtin_finder()->find(read_markdown("q.md", "# Quill\n\n" + sentence + "\n")).findings)
      n += f.figures.size();
    return n;
  };
  CHECK(figures("It was tested on Fedora 32 with good results.") == 0);
  CHECK(figures("There are tests for the Fortran 03 module.") == 0);
  CHECK(figures("Case 3: tests pass on all systems.") == 0);
  CHECK(figures("All 1200 tests pass on all systems.") == 1);
  CHECK(figures("It has 1200 unit tests.") == 1);
}

TEST_CASE("what is not asked for, how it is had, and where, is packaging") {
  for (const auto sentence :
       {"Quill has no required dependencies.", "It is also available as an Arch package.",
        "Quill does not require a compiler.", "There are several ways to install Quill.",
        "Binary wheels include the solver.", "Quill is designed to be highly portable."}) {
    INFO(sentence);
    CHECK(is_claim(sentence));
  }
  CHECK(is_claim("| | Linux | Windows |\n|---|---|---|\n| Quill (CUDA) | source | |"));
  CHECK_FALSE(is_claim("| | Linux | Windows |\n|---|---|---|\n| Quill (CUDA) | | |"));
  CHECK_FALSE(is_claim("Quill requires a compiler and MPI."));
}

TEST_CASE("denied, wished, reported and open statements promise nothing") {
  const std::string sentence = GENERATE(
      as<std::string>{}, "The solver is not yet GPU-accelerated and does not scale linearly.",
      "The code is neither fast nor validated.", "It has yet to be validated against experiments.",
      "Nothing here is optimised for speed.", "This is by no means production-ready.",
      "We make no promise that results are bit-identical.",
      "There is no evidence that the GPU version is faster.", "Nobody has validated the collision operator.",
      "It remains to be seen whether it scales to 1000 nodes.", "The goal is a speedup of 10x on GPUs.",
      "Users have asked for GPU support.", "In the long run we want to reach 80 % efficiency on 1000 cores.",
      "The paper claims a 5x speedup for its own code.", "According to its website, LibBar is 10 times faster.",
      "Some colleagues believe that GPUs are faster here.", "Whether this is faster depends on the compiler.",
      "It is unclear why the second run is faster.", "To make the code faster, use vectorised loops.");
  INFO(sentence);
  CHECK_FALSE(is_claim(sentence));
}

TEST_CASE("such words elsewhere in the sentence take nothing back") {
  const std::string sentence =
      GENERATE(as<std::string>{}, "It is simple, yet fast.",
               "The question is open, yet the solver reproduces the reference.",
               "The paper describes the method; our code is 4 times faster than theirs.",
               "Whether on one core or on a thousand, results are bit-identical.",
               "We hope that you like it; it runs on all GPUs.", "It is not only fast but also deterministic.",
               "The aim was speed, and the solver reaches 85 % of peak.");
  INFO(sentence);
  CHECK(is_claim(sentence));
}
