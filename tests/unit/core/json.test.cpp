#include "core/json.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "core/error.hpp"

using namespace assay;
using Catch::Contains;

namespace {

std::string why(std::string_view text) {
  try {
    parse_json(text, "a.json");
  } catch (const UserError& e) {
    return e.what();
  }
  return "accepted";
}

Json random_value(std::mt19937& random, int depth) {
  const auto kind = random() % (depth > 3 ? 6U : 8U);
  switch (kind) {
    case 0: return nullptr;
    case 1: return random() % 2 == 0;
    case 2: return static_cast<std::int64_t>(random()) - 2147483648;
    case 3: return std::ldexp(static_cast<double>(random()) - 2e9, static_cast<int>(random() % 200) - 100);
    case 4: return "text \"" + std::string(random() % 40, 'x') + "\n\x01 \xC3\xA9";
    case 5: return std::numeric_limits<std::uint64_t>::max() - random();
    case 6: {
      Json array = Json::array();
      for (auto n = random() % 6; n > 0; --n) array.push_back(random_value(random, depth + 1));
      return array;
    }
    default: {
      Json object = Json::object();
      for (auto n = random() % 6; n > 0; --n) object["k" + std::to_string(n)] = random_value(random, depth + 1);
      return object;
    }
  }
}

}  // namespace

TEST_CASE("a document is laid out for people: flat things on one line, objects of an array one a line") {
  const auto json = parse_json(R"({"b":1,"a":[1,2.5,"x"],"c":{},"results":[{"index":0,"point":{"ky":0.1}}],
    "z":[[1.0,2.0],[3.0,-0.0]]})",
                               "t");
  CHECK(to_text(json) == R"({
  "b": 1,
  "a": [1, 2.5, "x"],
  "c": {},
  "results": [
    {"index": 0, "point": {"ky": 0.1}}
  ],
  "z": [[1.0, 2.0], [3.0, -0.0]]
})");
  CHECK(to_text(Json::object()) == "{}");
  CHECK(to_text(Json(0.5)) == "0.5");
  CHECK(to_text(json["results"], 0) == R"([{"index": 0, "point": {"ky": 0.1}}])");
}

TEST_CASE("what does not fit into a hundred columns is broken over lines") {
  Json json;
  json["long"]["a"] = std::string(50, 'x');
  json["long"]["b"] = std::string(50, 'y');
  const auto text = to_text(json);
  CHECK_THAT(text, Contains("\"long\": {\n    \"a\": \"xxx"));
  json["long"]["b"] = std::string(10, 'y');
  CHECK_THAT(to_text(json), Contains("\"long\": {\"a\": \"xxx"));
}

TEST_CASE("NaN and infinities are written as words and read back as numbers where a number is wanted") {
  const Json json = {std::nan(""), HUGE_VAL, -HUGE_VAL};
  CHECK(to_text(json) == R"(["nan", "inf", "-inf"])");
  const auto back = parse_json(to_text(json), "t");
  CHECK(std::isnan(number_of(back[0], "x")));
  CHECK(number_of(back[2], "x") == -HUGE_VAL);
  CHECK_THROWS_WITH(number_of(Json("0.5"), "gamma"),
                    Contains("gamma is not a number") && Contains("found \"0.5\""));
}

TEST_CASE("the canonical text sorts keys and drops spaces, and complex numbers are pairs") {
  CHECK(canonical_text(parse_json(R"({"b":[1, {"d":1.0,"c":2}],"a":null})", "t")) ==
        R"({"a":null,"b":[1,{"c":2,"d":1.0}]})");
  CHECK(to_text(complex_json({0.5, -2})) == "[0.5, -2.0]");
}

TEST_CASE("bytes that are not UTF-8 do not make the text invalid JSON") {
  const auto text = to_text(Json("a\xFF\xC3"));
  CHECK(parse_json(text, "t").get<std::string>() == "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("every document written is read back equal, and written again the same") {
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    const auto json = random_value(random, 0);
    for (const int indent : {0, 2, 4}) {
      const auto text = to_text(json, indent);
      const auto back = parse_json(text, "t");
      REQUIRE(back == json);
      REQUIRE(to_text(back, indent) == text);
    }
    const auto canonical = canonical_text(json);
    REQUIRE(canonical_text(parse_json(canonical, "t")) == canonical);
  }
}

TEST_CASE("a stream writes what to_text writes of the whole") {
  for (const int count : {0, 1, 3, 5000}) {
    std::string streamed;
    JsonStream stream([&](std::string_view piece) { streamed += piece; });
    Json whole = Json::object();
    stream.begin_object();
    stream.member("schema", "assay/scan/v1");
    whole["schema"] = "assay/scan/v1";
    stream.key("results");
    stream.begin_array();
    whole["results"] = Json::array();
    for (int i = 0; i < count; ++i) {
      const Json result = {{"index", i},
                           {"observables", {{"gamma", 0.1 * i}, {"name", std::string(i % 97, 'n')}}}};
      stream.value(result);
      whole["results"].push_back(result);
    }
    stream.end();
    const Json wide = {{"a", std::string(60, 'a')}, {"b", std::string(60, 'b')}};
    stream.member("wide", wide);
    whole["wide"] = wide;
    stream.end();
    stream.finish();
    REQUIRE(streamed == to_text(whole) + "\n");
  }
}

TEST_CASE("a stream used out of order is a bug that shows at once") {
  JsonStream stream([](std::string_view) {});
  CHECK_THROWS_AS(stream.key("a"), std::logic_error);
  stream.begin_object();
  CHECK_THROWS_AS(stream.value(1), std::logic_error);
  CHECK_THROWS_AS(stream.finish(), std::logic_error);
}

TEST_CASE("an error in a JSON text names line and column, shows the line, and says what was expected") {
  CHECK(why("{\n  \"a\": 1,\n  \"\xC3\xA9\": tru\n}") ==
        "a.json:3:8: not a JSON value\n"
        "  3 |   \"\xC3\xA9\": tru\n"
        "    |        ^\n"
        "  expected \"true\"\n"
        "  found 't'");
  CHECK_THAT(why("{\"a\": 1, \"b\": 2, \"a\": 3}"),
             Contains("a.json:1:18: duplicate key \"a\"") && Contains("^^^"));
  CHECK_THAT(why("[1, 1e400]"),
             Contains("a.json:1:5: number too large") && Contains("1.7976931348623157e+308"));
}

TEST_CASE("what is not JSON is refused") {
  for (const std::string bad : {"",
                                " ",
                                "{",
                                "[",
                                "[1,]",
                                "[,1]",
                                "{\"a\"}",
                                "{\"a\":}",
                                "{\"a\":1,}",
                                "{a:1}",
                                "{'a':1}",
                                "01",
                                "-",
                                "1.",
                                ".5",
                                "+1",
                                "1e",
                                "0x1",
                                "NaN",
                                "Infinity",
                                "nul",
                                "truefalse",
                                "1 2",
                                "\"",
                                "\"\\x\"",
                                "\"\\u12g4\"",
                                "\"\\u12\"",
                                "\"\\ud800\"",
                                "\"\\ud800\\u0041\"",
                                "\"\\udc00\"",
                                "\"a\nb\"",
                                "// c\n1",
                                "[1] x",
                                "\xEF\xBB\xBF[]",
                                "\"\xFF\"",
                                "\"\xC0\x80\"",
                                "\"\xED\xA0\x80\"",
                                "\"\xF4\x90\x80\x80\""})
    CHECK_THAT(why(bad), Contains("a.json:") && !Contains("accepted"));
  CHECK_THAT(why(std::string(300, '[') + std::string(300, ']')), Contains("nested too deeply"));
  CHECK_THAT(why(std::string(1000000, '[')), Contains("nested too deeply"));
}

TEST_CASE("what is JSON is accepted, to the corners") {
  CHECK(why(std::string(256, '[') + std::string(256, ']')) == "accepted");
  CHECK(parse_json("\"\\ud83d\\ude00\\u00e9\\/\"", "t") == "\xF0\x9F\x98\x80\xC3\xA9/");
  CHECK(parse_json(" [ -0 , 0e5 , 1E+2 ]\r\n", "t").size() == 3);
  CHECK(std::signbit(parse_json("-0", "t").get<double>()));
  CHECK(parse_json("18446744073709551615", "t").get<std::uint64_t>() ==
        std::numeric_limits<std::uint64_t>::max());
  CHECK(parse_json("123456789012345678901234567890", "t").get<double>() == 123456789012345678901234567890.0);
}

TEST_CASE("duplicates are found in large objects without a quadratic search") {
  std::string text = "{";
  for (int i = 0; i < 200000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  CHECK(parse_json(text + "\"z\":0}", "t").size() == 200001);
  CHECK_THROWS_WITH(parse_json(text + "\"k100000\":0}", "t"), Contains("duplicate key \"k100000\""));
}

TEST_CASE("a JSON text with random damage is read or refused, never worse; what is read has a normal form") {
  std::mt19937 random(20261121);
  for (int i = 0; i < 3000; ++i) {
    auto text = to_text(random_value(random, 0), static_cast<int>(random() % 3) * 2);
    for (auto edits = 1 + random() % 4; edits > 0 && !text.empty(); --edits) {
      const auto at = random() % text.size();
      switch (random() % 3) {
        case 0: text[at] = static_cast<char>(random()); break;
        case 1: text.erase(at, 1 + random() % 3); break;
        default: text.insert(at, 1, "{}[],:\"\\0-.eE"[random() % 13]); break;
      }
    }
    try {
      const auto normal = to_text(parse_json(text, "t"));
      REQUIRE(to_text(parse_json(normal, "t")) == normal);
    } catch (const UserError&) {
      SUCCEED();
    }
  }
}
