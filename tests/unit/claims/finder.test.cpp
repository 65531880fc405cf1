// What is a claim and what is not: the invented sentences of the labelling rules and of the critique of the
// script that this replaces. Each sentence stands alone in a document about "Foo".
// SPDX-License-Identifier: MIT
#include "claims/finder.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "claims/markdown.hpp"

using namespace assay::claims;

namespace {

Finder::Result find(const std::string& body) {
  static const auto finder = builtin_finder();
  return finder->find(read_markdown("foo.md", "# Foo\n\n" + body + "\n"));
}

bool is_claim(const std::string& body) {
  const auto result = find(body);
  return std::any_of(result.findings.begin(), result.findings.end(),
                     [](const Finding& f) { return f.level != Level::note; });
}

std::string classes(const std::string& body) {
  std::string out;
  for (const auto& f : find(body).findings)
    if (f.level != Level::note) out += std::string(name_of(f.claim)) + " ";
  return out;
}

}  // namespace

TEST_CASE("plain assertions of each class are claims") {
  const std::string sentence = GENERATE(
      as<std::string>{}, "Batches run 3.4x faster than the serial loop.",
      "Scales to 4096 cores with 91 % efficiency.", "Zero-overhead dispatch.",
      "A lightweight, high-performance library.", "Supports CUDA, HIP and SYCL.",
      "All kernels run on the device GPU.", "GPU-accelerated stencil engine.",
      "Runs on multiple nodes through MPI.", "Domain decomposition with halo exchange is built in.",
      "Multi-GPU training out of the box.", "The scan uses all cores through OpenMP.",
      "AVX-512 and NEON kernels.", "All functions are thread-safe.", "The C ABI is stable within 2.x.",
      "Drop-in replacement for `malloc`.", "Bindings for Python and Julia.",
      "Available in Spack and conda-forge.", "Works on Linux, macOS and Windows.",
      "Header-only, no dependencies.", "Results are bitwise identical on any number of threads.",
      "Error below 1e-12 for all tests.", "Validated against three analytic cases.", "Production-ready.",
      "1 200 tests pass.", "Used at five supercomputing centres.", "State of the art.",
      "We currently support ROCm.", "Can be up to 5x faster.", "Runs on GPUs and TPUs today.",
      "Parallel replay is 8x faster than serial.", "It is not only fast but exact.",
      "It is no less than 3x faster.", "It works without sacrificing speed.",
      "The GPU path is 0.6x faster than the CPU path.", "Note the 4x speedup.");
  INFO(sentence << " -> " << classes(sentence));
  CHECK(is_claim(sentence));
}

TEST_CASE("negations, plans, conditions, other parties, history and requests are none") {
  const std::string sentence = GENERATE(
      as<std::string>{}, "There is no GPU path.", "There is no GPU support.", "GPU support is not implemented.",
      "GPU support does not exist.", "GPU support is out of scope.", "GPU support is\nnot yet available.",
      "It is not production-ready.", "MPI is out of scope.", "HIP support is planned for 1.4.",
      "- [ ] multi-node support", "If built with `-DMPI=ON`, it runs on several nodes.",
      "A claim of speedup would need a profile.", "v0.9 added OpenMP.", "Requires CUDA 12.",
      "Set `OMP_NUM_THREADS`.", "Install MPI first.", "Make sure that your GPU has 16 GB.",
      "It is distributed under the MIT licence.", "How fast is it?", "## Non-goals\n\n- CUDA kernels",
      "## Roadmap\n\n- Support for MPI", "The build uses fast-math flags.",
      "It computes a Fast Fourier Transform.", "See [Performance](p.md).", "`3x faster on the GPU`",
      "Each release must be deterministic.", "<!-- 3x faster on the GPU -->", "```\n3x faster on the GPU\n```");
  INFO(sentence << " -> " << classes(sentence));
  CHECK_FALSE(is_claim(sentence));
}

TEST_CASE("a distribution channel is packaging, not distributed execution") {
  CHECK(classes("The wheel is distributed on PyPI.") == "packaging ");
}

TEST_CASE("a figure carries value, unit, comparator and its place") {
  const auto result = find("The reader is about **3**.5x\nfaster than up to 20 threads.");
  REQUIRE_FALSE(result.findings.empty());
  const auto& f = result.findings.front();
  CHECK(f.claim == ClaimClass::speed);
  CHECK(f.level == Level::error);
  CHECK(f.begin.line == 3);
  REQUIRE_FALSE(f.figures.empty());
  CHECK(f.figures[0].low == 3.5);
  CHECK(f.figures[0].unit == "x");
  CHECK(f.figures[0].comparator == Comparator::about);
}

TEST_CASE("rows of a comparison count for the documented system only") {
  const std::string table =
      "| Library | Time (ms) |\n|---|---|\n| Foo 2.0 | 12.5 |\n| - int8 | 10.1 |\n| LibBar | 40.2 |\n| - int8 "
      "| 39.9 |\n";
  const auto result = find(table);
  REQUIRE(result.findings.size() == 2);
  CHECK(result.findings[0].begin.line == 5);
  CHECK(result.findings[1].begin.line == 6);
}

TEST_CASE("a sentence without end is cut, so that its cost stays linear") {
  std::string body;
  for (int i = 0; i < 20000; ++i) body += "no fast 3x gpu ";
  CHECK_NOTHROW(find(body));
}

TEST_CASE("what scopes a statement is named") {
  const auto result = find("HIP support is planned for 1.4.");
  REQUIRE_FALSE(result.scoped.empty());
  CHECK(result.scoped[0].polarity == Polarity::planned);
  CHECK(result.scoped[0].scoped_by == "is planned");
}

TEST_CASE("short items claim what their lead-in claims") {
  const auto report =
      find("Foo supports these GPU backends:\n\n- CUDA\n- QCOM\n- [`nv`](nv.py)\n\nSee also:\n\n- QCOM\n");
  std::string lines;
  for (const auto& f : report.findings) lines += std::to_string(f.begin.line) + " ";
  INFO(lines);
  CHECK(lines.find("6 ") != std::string::npos);
  CHECK(lines.find("7 ") != std::string::npos);
  CHECK(lines.find("11 ") == std::string::npos);
}

TEST_CASE("a table that defines options claims nothing") {
  CHECK_FALSE(is_claim(
      "| option | meaning |\n|---|---|\n| `--cuda` | run on the GPU |\n| `--mpi` | run on several nodes |"));
  CHECK(is_claim("| feature | status |\n|---|---|\n| CUDA backend | supported |"));
}
