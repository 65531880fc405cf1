#include "core/program_output.hpp"

#include <catch2/catch.hpp>

using namespace assay;

TEST_CASE("a program's output, status and missing are told apart") {
  const std::string large(1 << 20, 'x');
  const auto echoed = output_of({"cat"}, large);
  CHECK(echoed.status == 0);
  CHECK(echoed.out == large);
  const auto both = output_of({"sh", "-c", "echo one; echo two >&2; exit 3"});
  CHECK(both.status == 3);
  CHECK(both.out == "one\n");
  CHECK(both.err == "two\n");
  CHECK(output_of({"sh", "-c", "kill -9 $$"}).status == 128 + 9);
  CHECK(output_of({"sh", "-c", "exit 4"}, {}, 3600.0).status == 4);
  const auto late = output_of({"sh", "-c", "echo begun; exec sleep 3600"}, {}, 0.2);
  CHECK(late.status == 128 + 9);
  CHECK(late.err == "no answer within 0.2 s");
  const auto missing = output_of({"no-such-program-anywhere"});
  CHECK(missing.status == ProgramOutput::not_started);
  CHECK_FALSE(missing.err.empty());
}
