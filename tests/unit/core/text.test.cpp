#include "core/text.hpp"

#include <catch2/catch.hpp>

using namespace assay;

TEST_CASE("trimmed takes blanks and line ends from both ends only", "[text]") {
  CHECK(trimmed(" \t a b \r\n") == "a b");
  CHECK(trimmed("a") == "a");
  CHECK(trimmed(" \t\r\n").empty());
  CHECK(trimmed("\xc2\xa0x") == "\xc2\xa0x");  // a no-break space is no blank here
  const std::string_view all = "  ";
  CHECK(trimmed(all).data() == all.data() + all.size());
}

TEST_CASE("split keeps empty parts", "[text]") {
  CHECK(split("a,,b,", ',') == std::vector<std::string_view>{"a", "", "b", ""});
  CHECK(split("", ',') == std::vector<std::string_view>{""});
  CHECK(split("a", ',') == std::vector<std::string_view>{"a"});
}

TEST_CASE("lower changes ASCII letters alone", "[text]") {
  CHECK(lower("AZ az [@`{ \xc3\x84") == "az az [@`{ \xc3\x84");
}

TEST_CASE("replaced text is not looked at again", "[text]") {
  CHECK(replaced("{n} of {n}: {m}", "{n}", "12") == "12 of 12: {m}");
  CHECK(replaced("{out}", "{out}", "/tmp/{out}") == "/tmp/{out}");
  CHECK(replaced("aaa", "aa", "b") == "ba");
  CHECK(replaced("a", "b", "c") == "a");
  CHECK(replaced("xx", "x", "").empty());
  CHECK(replaced("", "x", "y").empty());
}

TEST_CASE("single quotes hold any byte", "[text]") {
  CHECK(in_single_quotes("") == "''");
  CHECK(in_single_quotes("a b$(c)") == "'a b$(c)'");
  CHECK(in_single_quotes("it's") == "'it'\\''s'");
}
