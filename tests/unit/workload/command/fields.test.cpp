#include "workload/command/fields.hpp"

#include <catch2/catch.hpp>

using namespace assay;
using namespace assay::workload::command;

namespace {

const FieldNames names({"x", "n", "mode"});
const FieldValues samples{1.5,
                          std::int64_t{7},
                          std::string("fast"),
                          std::int64_t{3},
                          std::string("99"),
                          std::string("/t"),
                          std::string("/c")};

std::string rendered(const std::string& text) {
  return FieldText::parse(text, names, samples).render(samples);
}

}  // namespace

TEST_CASE("fields are filled in, formats are applied, doubled braces stand for themselves") {
  CHECK(rendered("--x={x} {n}{mode}") == "--x=1.5 7fast");
  CHECK(rendered("{n:04} {x:.3e} {mode:>6}") == "0007 1.500e+00   fast");
  CHECK(rendered("{{x}} {{{x}}} {index} {config_folder}") == "{x} {{x}} 3 /c");
  CHECK(rendered("") == "");
}

TEST_CASE("braces that are no field stay: JSON, awk and shell text need no escapes") {
  for (const char* text :
       {"{ print $1 }", "{\"a\": {\"b\": 1}}", "{}", "{1}", "a}b{", "{", "{x", "${", "{x y}", "{x:}"})
    CHECK(rendered(text) == text);
}

TEST_CASE("values are data: nothing in them is looked at again") {
  FieldValues values = samples;
  values[2] = std::string("{x}; $(id) '\"\n\xff -rf");
  const auto text = FieldText::parse("{mode}|{mode}", names, samples);
  CHECK(text.render(values) == "{x}; $(id) '\"\n\xff -rf|{x}; $(id) '\"\n\xff -rf");
}

TEST_CASE("an unknown field and a format that does not suit are answered with the place and the nearest name") {
  CHECK_THROWS_WITH(
      FieldText::parse("{mod}", names, samples, {"a.toml", 3, 7}),
      Catch::Contains("a.toml:3:7") && Catch::Contains("did you mean \"mode\"") && Catch::Contains("{{mod}}"));
  CHECK_THROWS_WITH(FieldText::parse("{mode:.3e}", names, samples), Catch::Contains("does not suit {mode}"));
  CHECK_THROWS_WITH(FieldText::parse("{n:.2q}", names, samples), Catch::Contains("does not suit {n}"));
}
