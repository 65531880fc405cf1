#include "core/json_position.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/json.hpp"
#include "core/text_position.hpp"

using namespace assay;

namespace {

constexpr std::string_view kText = R"({
  "schema": "a\"}],b",
  "empty": [[], {}],
  "results": [
    {"index": 0, "a/b~c": -1.5e3, "caf\u00e9": true},
    {"index": 1, "status": "ok"}
  ]
})";

std::string_view at(std::string_view pointer, std::size_t length) {
  return kText.substr(offset_of_pointer(kText, pointer), length);
}

// Every pointer of a document, and its value.
void each_value(const Json& value, const std::string& pointer,
                const std::function<void(const std::string&, const Json&)>& visit) {
  visit(pointer, value);
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i)
      each_value(value[i], pointer + "/" + std::to_string(i), visit);
  if (value.is_object())
    for (const auto& [key, item] : value.items()) each_value(item, pointer + "/" + key, visit);
}

}  // namespace

TEST_CASE("a pointer leads to its value in the text") {
  CHECK(at("", 1) == "{");
  CHECK(at("/schema", 4) == "\"a\\\"");
  CHECK(at("/results/1/status", 4) == "\"ok\"");
  CHECK(at("/results/0/a~1b~0c", 6) == "-1.5e3");
  CHECK(at("/results/0/caf\xC3\xA9", 4) == "true");
  CHECK(at("/empty/1", 2) == "{}");
  const auto problem = problem_at(kText, "x.json", offset_of_pointer(kText, "/results/1/status"));
  CHECK(to_text(problem.where) == "x.json:6:28");
}

TEST_CASE("a pointer that leads nowhere gives the nearest value around it") {
  CHECK(at("/results/1/stotus", 9) == "{\"index\":");
  CHECK(at("/results/7", 2) == "[\n");
  CHECK(at("/schema/x", 3) == "\"a\\");
}

TEST_CASE("every value of a document is found at its pointer, in every layout") {
  const auto document = parse_json(kText, "t");
  for (const int indent : {0, 2, 7}) {
    auto plain = document;
    plain["results"][0].erase("a/b~c");
    const auto text = to_text(plain, indent);
    each_value(plain, "", [&](const std::string& pointer, const Json& value) {
      const auto offset = offset_of_pointer(text, pointer);
      const auto inline_text = to_text(value, 0);
      INFO(pointer);
      CHECK(text[offset] == inline_text[0]);
      if (!value.is_structured()) CHECK(text.compare(offset, inline_text.size(), inline_text) == 0);
    });
  }
}
