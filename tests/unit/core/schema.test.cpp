#include "core/schema.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/uri.hpp"

using namespace assay;
using Catch::Contains;

namespace {

Schema schema_of(std::string_view text) {
  return Schema(parse_json(text, "schema"), "test");
}

std::vector<std::string> wrong(const Schema& schema, std::string_view document) {
  std::vector<std::string> out;
  for (const auto& error : schema.validate(parse_json(document, "document"))) out.push_back(to_text(error));
  return out;
}

constexpr std::string_view kResult = R"({
  "type": "object",
  "required": ["index", "status"],
  "additionalProperties": false,
  "properties": {
    "index": {"type": "integer", "minimum": 0},
    "status": {"enum": ["ok", "failed"]},
    "value": {"anyOf": [{"type": "number"}, {"enum": ["nan", "inf", "-inf"]}]},
    "parts": {"type": "array", "items": {"$ref": "#"}}
  }})";

}  // namespace

TEST_CASE("everything wrong is reported at once, each with its place in the document and in the schema") {
  const auto schema = schema_of(kResult);
  CHECK(
      wrong(schema, R"({"index": 0, "status": "ok", "value": "nan", "parts": [{"index": 1, "status": "ok"}]})")
          .empty());
  CHECK(wrong(schema, R"({"index": -1, "statis": "ok", "parts": [{"index": 1.5, "status": "done"}, 7]})") ==
        std::vector<std::string>{
            "(the whole): missing key \"status\" (expected the key \"status\")",
            "(the whole): unknown key \"statis\" (expected one of: index, parts, status, value (did you mean "
            "\"status\"?))",
            "/index: out of range (expected at least 0.0, found -1)",
            "/parts/0/index: wrong type (expected integer, found number 1.5)",
            "/parts/0/status: not one of the values allowed (expected \"ok\" or \"failed\", found \"done\")",
            "/parts/1: wrong type (expected object, found integer 7)"});
  const auto errors = schema.validate(parse_json(R"({"index": 0, "status": "x"})", "d"));
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].instance == "/status");
  CHECK(errors[0].schema == "/properties/status/enum");
}

TEST_CASE("when no alternative fits, the nearest one is explained") {
  const auto schema = schema_of(R"({"oneOf": [
    {"type": "object", "required": ["a", "b"], "properties": {"kind": {"const": 1}}},
    {"type": "object", "required": ["c"]}]})");
  CHECK(wrong(schema, "{}") ==
        std::vector<std::string>{"(the whole): missing key \"c\" (expected the key \"c\")"});
  CHECK_THAT(wrong(schema, R"({"a":0,"b":0,"c":0})").at(0), Contains("valid in more than one way"));
}

TEST_CASE("the number of errors is bounded when asked") {
  const auto schema = schema_of(R"({"items": {"type": "string"}})");
  const auto document = parse_json("[1,2,3,4,5]", "d");
  CHECK(schema.validate(document).size() == 5);
  CHECK(schema.validate(document, 2).size() == 2);
}

TEST_CASE("a part of a document is checked by the part of the schema that it belongs to") {
  const auto schema = schema_of(R"({"properties": {"results": {"items": {"required": ["index"]}}}})");
  const auto errors = schema.validate_part(Json::object(), "/properties/results/items", "/results/17");
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].instance == "/results/17");
  CHECK_THROWS_AS(schema.validate_part(Json::object(), "/nowhere", ""), std::logic_error);
}

TEST_CASE("a schema that is wrong itself is refused when it is read, with the place") {
  const auto why = [](std::string_view text) {
    try {
      schema_of(text);
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK_THAT(why(R"({"properties": {"a": {"type": "int"}}})"),
             Contains("/properties/a/type") && Contains("integer"));
  CHECK_THAT(why(R"({"properties": {"a": 7}})"), Contains("#/properties/a\": not a schema"));
  CHECK_THAT(why(R"({"$ref": "#/definitions/none"})"), Contains("points to nothing"));
  CHECK_THAT(why(R"({"$ref": "http://example.org/a.json"})"), Contains("names nothing that is known here"));
  CHECK_THAT(why(R"({"pattern": "(?=a)b"})"), Contains("RE2"));
  CHECK_THAT(why(R"({"multipleOf": 0})"), Contains("above 0"));
  CHECK_THAT(why(R"({"minimum": "0"})"), Contains("found \"0\""));
}

TEST_CASE("a schema that refers to itself without end is an error, not a crash") {
  const auto schema = schema_of(R"({"$ref": "#"})");
  CHECK_THROWS_WITH(schema.validate(1), Contains("without end"));
}

TEST_CASE("equality is that of JSON Schema: by value, whatever the order of keys") {
  CHECK(schema_equal(parse_json("[1, {\"a\": 2.0, \"b\": null}]", "a"),
                     parse_json("[1.0, {\"b\": null, \"a\": 2}]", "b")));
  CHECK_FALSE(schema_equal(Json(1), Json(true)));
  CHECK_FALSE(schema_equal(Json(-1), Json(18446744073709551615U)));
  CHECK_FALSE(schema_equal(Json(9007199254740993), Json(9007199254740992.0)));
}

TEST_CASE("long arrays are checked for duplicates without comparing all pairs") {
  const auto schema = schema_of(R"({"uniqueItems": true})");
  Json array = Json::array();
  for (int i = 0; i < 100000; ++i) array.push_back({{"index", i}});
  CHECK(schema.validate(array).empty());
  array.push_back({{"index", 77.0}});
  CHECK_THAT(to_text(schema.validate(array).at(0)), Contains("items 77 and 100000 are equal"));
}

TEST_CASE("references resolve as in RFC 3986, section 5.4") {
  const auto resolved = [](const char* reference) { return resolve_uri("http://a/b/c/d;p?q", reference); };
  CHECK(resolved("g:h") == "g:h");
  CHECK(resolved("g") == "http://a/b/c/g");
  CHECK(resolved("./g/") == "http://a/b/c/g/");
  CHECK(resolved("/g") == "http://a/g");
  CHECK(resolved("//g") == "http://g");
  CHECK(resolved("?y") == "http://a/b/c/d;p?y");
  CHECK(resolved("#s") == "http://a/b/c/d;p?q#s");
  CHECK(resolved("") == "http://a/b/c/d;p?q");
  CHECK(resolved("..") == "http://a/b/");
  CHECK(resolved("../g") == "http://a/b/g");
  CHECK(resolved("../../../g") == "http://a/g");
  CHECK(resolved("g/../h") == "http://a/b/c/h");
  CHECK(resolved("g..") == "http://a/b/c/g..");
}
