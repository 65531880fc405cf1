#include "plan/points.hpp"

#include <catch2/catch.hpp>

using namespace assay;
using namespace assay::plan;

TEST_CASE("a product varies the last axis fastest and visits each point once") {
  const Points points({{{Axis::parse("a", "1:2")}}, {{Axis::parse("b", "1:3")}}});
  REQUIRE(points.size() == 6);
  CHECK(points.at(1) == Point{{"a", std::int64_t{1}}, {"b", std::int64_t{2}}});
  CHECK(points.at(5) == Point{{"a", std::int64_t{2}}, {"b", std::int64_t{3}}});
}

TEST_CASE("zipped axes move together and must be equally long") {
  const Points points({{{Axis::parse("a", "1:3"), Axis::parse("b", "4:6")}}});
  REQUIRE(points.size() == 3);
  CHECK(points.at(2) == Point{{"a", std::int64_t{3}}, {"b", std::int64_t{6}}});
  CHECK_THROWS_AS(Points({{{Axis::parse("a", "1:3"), Axis::parse("b", "4:5")}}}), UserError);
}

TEST_CASE("an axis given twice is refused") {
  CHECK_THROWS_AS(Points({{{Axis::parse("a", "1:3")}}, {{Axis::parse("a", "1:2")}}}), UserError);
}

TEST_CASE("CSV points: quotes, blank lines, CRLF and a byte order mark are read as meant") {
  const auto group = points_of_csv_text("\xEF\xBB\xBFky, name\r\n0.1,\"a,\"\"b\"\r\n\r\n0.2,c\r\n", "p.csv");
  REQUIRE(group.axes.size() == 2);
  REQUIRE(group.size() == 2);
  CHECK(group.axes[1].at(0) == Value(std::string("a,\"b")));
  CHECK(group.axes[0].at(1) == Value(0.2));
}

TEST_CASE("a ragged CSV line is named by its number") {
  CHECK_THROWS_WITH(points_of_csv_text("a,b\n1,2\n3\n", "p.csv"), Catch::Contains("p.csv:3:1"));
  CHECK_THROWS_WITH(points_of_csv_text("a\n\"x", "p.csv"), Catch::Contains("not closed"));
}

TEST_CASE("more points than can be planned are refused, not attempted") {
  CHECK_THROWS_AS(Points({{{Axis::parse("a", "1:100000")}}, {{Axis::parse("b", "1:100000")}}}), UserError);
}
