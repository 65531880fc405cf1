#include "workload/command/probe.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"

using namespace assay;
using namespace assay::workload::command;

namespace {

Probe probe_of(const std::string& table) {
  Config config = Config::from_text("[observables]\nq = { " + table + " }\n", "t.toml");
  auto probes = read_probes(config, FieldNames({}), {});
  config.reject_unknown();
  REQUIRE(probes.size() == 1);
  return probes.front();
}

plan::ObservableValue value(const std::string& table, const std::string& text) {
  return read_value(probe_of(table), {.head = text, .tail = text, .whole = true, .name = "stdout"});
}
double number(const std::string& table, const std::string& text) {
  return std::get<double>(value(table, text));
}

}  // namespace

TEST_CASE("a pattern takes its group: the last match, or the first, or all") {
  const std::string text = "step 1 e=0.5\nstep 2 e=0.25\nstep 3 e=1.25D-01\n";
  CHECK(number("regex = 'e=(\\S+)'", text) == 0.125);
  CHECK(number("regex = 'e=(\\S+)', take = \"first\"", text) == 0.5);
  CHECK(std::get<std::vector<double>>(value("regex = 'e=(\\S+)', take = \"all\"", text)) ==
        std::vector<double>{0.5, 0.25, 0.125});
  CHECK(std::get<std::string>(value("regex = '^step 2', type = \"text\"", text)) == "step 2");
}

TEST_CASE("pattern without a group, anchors and types") {
  CHECK(number("regex = '^[0-9.]+$'", "a 1\n2.5\nb 3\n") == 2.5);
  CHECK(number("regex = 'n=(\\S+)', type = \"integer\"", "n=+12") == 12.0);
  CHECK_THROWS_WITH(number("regex = 'n=(\\S+)', type = \"integer\"", "n=1.5"), Catch::Contains("no integer"));
  CHECK(std::get<std::string>(value("regex = 'm=(\\S+)', type = \"text\"", "m=\xffz")) == "\xffz");
}

TEST_CASE("values in JSON by pointer and in CSV by column and row") {
  const std::string json = "{\"a\": {\"b\": [1, 2.5]}, \"s\": \"7\", \"t\": true}";
  CHECK(number("json = \"/a/b/1\"", json) == 2.5);
  CHECK(number("json = \"/s\"", json) == 7.0);
  CHECK(number("json = \"/t\"", json) == 1.0);
  CHECK(std::get<std::vector<double>>(value("json = \"/a/b\", take = \"all\"", json)) ==
        std::vector<double>{1.0, 2.5});
  const std::string csv = "t,\"y z\"\n0,1\n1,2\n2,4\n";
  CHECK(number("csv = \"y z\"", csv) == 4.0);
  CHECK(number("csv = \"y z\", row = 0", csv) == 1.0);
  CHECK(number("csv = \"t\", row = -2", csv) == 1.0);
  CHECK(std::get<std::vector<double>>(value("csv = \"t\", take = \"all\"", csv)).size() == 3);
}

TEST_CASE("what is missing or no number fails with the text that was there") {
  const std::string text = "starting\nresult: diverged\n";
  CHECK_THROWS_WITH(value("regex = 'gamma=(\\S+)'", text),
                    Catch::Contains("nothing matches /gamma=(\\S+)/") && Catch::Contains("result: diverged"));
  CHECK_THROWS_WITH(value("regex = 'result: (\\S+)'", text), Catch::Contains("\"diverged\" is no number"));
  CHECK_THROWS_WITH(value("regex = 'x=(\\S+)'", "x=nan"), Catch::Contains("not finite"));
  CHECK_THROWS_WITH(value("regex = 'x=(\\S+)'", ""), Catch::Contains("stdout is empty"));
  CHECK_THROWS_WITH(value("json = \"/a\"", "{\"b\": 1}"), Catch::Contains("no value at /a"));
  CHECK_THROWS_WITH(value("json = \"/a\"", "{\"a\": [1]}"), Catch::Contains("no single number"));
  CHECK_THROWS_WITH(value("json = \"/a\"", "{\"a\": 1"), Catch::Contains("not valid JSON"));
  CHECK_THROWS_WITH(value("csv = \"y\"", "x\n1\n"), Catch::Contains("no column \"y\""));
  CHECK_THROWS_WITH(value("csv = \"x\", row = 3", "x\n1\n"), Catch::Contains("no row 3"));
}

TEST_CASE("the last line is a number if it is one, else text") {
  CHECK(number("last_line = true", "a\n 2.5 \n\n") == 2.5);
  CHECK(std::get<std::string>(value("last_line = true", "a\nfile done\n")) == "file done");
  CHECK(std::get<std::string>(value("last_line = true", "")).empty());
  CHECK(std::get<std::string>(value("output = true", "a\nb\n")) == "a\nb");
}

TEST_CASE("of a cut output, matches in the kept parts count and nothing else") {
  const Source cut{.head = "e=1\n", .tail = "e=9\n", .whole = false, .name = "stdout"};
  CHECK(std::get<double>(read_value(probe_of("regex = 'e=(\\S+)'"), cut)) == 9.0);
  CHECK(std::get<double>(read_value(probe_of("regex = 'e=(\\S+)', take = \"first\""), cut)) == 1.0);
  CHECK_THROWS_WITH(read_value(probe_of("regex = 'e=(\\S+)', take = \"all\""), cut),
                    Catch::Contains("longer than output_limit"));
  CHECK_THROWS_WITH(read_value(probe_of("json = \"/a\""), cut), Catch::Contains("no whole document"));
}

TEST_CASE("a mistake in [observables] is an error before anything runs") {
  CHECK_THROWS_WITH(probe_of("unit = \"m\""), Catch::Contains("has no source"));
  CHECK_THROWS_WITH(probe_of("regex = '(', type = \"real\""), Catch::Contains("not a regular expression"));
  CHECK_THROWS_WITH(probe_of("regex = '(a)(b)'"), Catch::Contains("more than one group"));
  CHECK_THROWS_WITH(probe_of("json = \"a\""), Catch::Contains("JSON pointer"));
  CHECK_THROWS_WITH(probe_of("regex = 'a', json = \"/a\""), Catch::Contains("two sources"));
  CHECK_THROWS_WITH(probe_of("exit_code = true, take = \"first\""), Catch::Contains("unknown key \"take\""));
}

namespace {

/// A NumPy file of format 1.
std::string npy_file(const std::string& descr, bool fortran, const std::string& shape,
                     const std::string& data) {
  std::string head = "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") +
                     ", 'shape': " + shape + ", }\n";
  std::string file = "\x93NUMPY";
  file += '\x01';
  file += '\0';
  file += static_cast<char>(head.size() & 0xFFU);
  file += static_cast<char>(head.size() >> 8U);
  return file + head + data;
}

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

TEST_CASE("an element of a NumPy file by its index, the only one without, or all of them") {
  const std::string rows = bytes_of(std::vector<double>{0, 1, 2, 10, 11, 12});
  const std::string c = npy_file("<f8", false, "(2, 3)", rows), f = npy_file("<f8", true, "(3, 2)", rows);
  CHECK(number("npy = \"a.npy\", index = [1, 0]", c) == 10.0);
  CHECK(number("npy = \"a.npy\", index = [-1, -1]", c) == 12.0);
  CHECK(number("npy = \"a.npy\", index = [2, 0]", f) == 2.0);
  CHECK(number("npy = \"a.npy\", index = [0, 1]", f) == 10.0);
  CHECK(std::get<std::vector<double>>(value("npy = \"a.npy\", take = \"all\"", c)) ==
        std::vector<double>{0, 1, 2, 10, 11, 12});
  CHECK(number("npy = \"a.npy\"", npy_file("<f4", false, "()", bytes_of(std::vector<float>{0.5F}))) == 0.5);
  CHECK(number("npy = \"a.npy\", index = 1",
               npy_file(">i2", false, "(2,)", std::string("\x00\x01\xff\xfe", 4))) == -2.0);
  CHECK(number("npy = \"a.npy\", index = 1", npy_file("|b1", false, "(2,)", std::string("\0\1", 2))) == 1.0);
  CHECK(number("npy = \"a.npy\"", npy_file("|u1", false, "(1,)", "\xff")) == 255.0);
}

TEST_CASE("an array without that element, of another kind or cut off fails and says what is there") {
  const std::string c = npy_file("<f8", false, "(2,)", bytes_of(std::vector<double>{1.5, HUGE_VAL}));
  CHECK_THROWS_WITH(number("npy = \"a.npy\"", c),
                    Catch::Contains("no index is given for an array of shape (2,)"));
  CHECK_THROWS_WITH(number("npy = \"a.npy\", index = 2", c), Catch::Contains("no element with this index"));
  CHECK_THROWS_WITH(number("npy = \"a.npy\", index = [0, 0]", c), Catch::Contains("shape (2,)"));
  CHECK_THROWS_WITH(number("npy = \"a.npy\", index = 1", c), Catch::Contains("element [1] is not finite"));
  CHECK_THROWS_WITH(number("npy = \"a.npy\", index = 0, type = \"integer\"", c),
                    Catch::Contains("no integer: 1.5"));
  CHECK_THROWS_WITH(number("npy = \"a.npy\", index = 0", c.substr(0, c.size() - 1)),
                    Catch::Contains("cut off"));
  CHECK_THROWS_WITH(number("npy = \"a.npy\"", "hello"), Catch::Contains("not a NumPy array"));
  CHECK_THROWS_WITH(
      number("npy = \"a.npy\"", npy_file("<c16", false, "()", bytes_of(std::vector<double>{1.0, 2.0}))),
      Catch::Contains("complex"));
  CHECK_THROWS_AS(probe_of("npy = \"a.npy\", take = \"last\""), UserError);
  CHECK_THROWS_AS(probe_of("npy = \"a.npy\", take = \"all\", index = 0"), UserError);
  CHECK_THROWS_AS(probe_of("npy = \"a.npy\", index = 1.5"), UserError);
  CHECK_THROWS_AS(probe_of("npy = \"a.npy\", type = \"text\""), UserError);
}
