#include "page/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "page/html.hpp"

namespace assay::page {
namespace {

std::string kind_of(const Json& document) {
  if (!document.is_object() || !document.contains("schema") || !document["schema"].is_string())
    return "document";
  const auto schema = document["schema"].get<std::string>();
  const auto first = schema.find('/'), last = schema.rfind('/');
  return first == last ? schema : schema.substr(first + 1, last - first - 1);
}

std::string chips(const std::vector<std::pair<std::string, std::size_t>>& words) {
  std::string html;
  for (const auto& [word, count] : words)
    html += fmt::format("{}{} ", count == 1 ? "" : fmt::format("{} ", count), chip(word));
  return html;
}

/// What stands in front: which document says what.
std::string overview(const Page& page) {
  Table table{.head = {"document", "kind", "says"}, .rows = {}};
  for (std::size_t i = 0; i < page.entries.size(); ++i) {
    const Entry& entry = page.entries[i];
    const auto broken = entry.problems.empty() ? "" : chip("error");
    table.rows.push_back({fmt::format("<a href=\"#{}\">{}</a>", anchor_of(i), escaped(entry.path)),
                          escaped(kind_of(*entry.document)), broken + chips(words_of(*entry.document))});
  }
  return "<div class=\"front\">" + to_html(table) + "</div>\n";
}

std::string section(const Entry& entry, std::size_t index) {
  std::string html = fmt::format("<section id=\"{}\">\n<h2>{} <code>{}</code></h2>\n", anchor_of(index),
                                 escaped(kind_of(*entry.document)), escaped(entry.path));
  for (const auto& problem : entry.problems) html += "<p class=\"problem\">" + escaped(problem) + "</p>\n";
  try {
    return html + body_of(entry) + "</section>\n";
  } catch (const nlohmann::json::exception&) {  // a part of another type than its schema says: shown as it is
    return html + "<p class=\"problem\">a part of it is not what its schema says</p>\n" +
           value_html(*entry.document) + "</section>\n";
  }
}

}  // namespace

std::string anchor_of(std::size_t index) {
  return "document-" + std::to_string(index + 1);
}

std::vector<std::pair<std::string, std::size_t>> words_of(const Json& document) {
  std::map<std::string, std::size_t> counts;
  const auto count = [&](const char* list, const char* key) {
    for (const Json& row : list_at(document, list))
      if (row.is_object() && row.contains(key) && row[key].is_string()) ++counts[row[key].get<std::string>()];
  };
  bool is_proof = false;
  for (const Json& trial : list_at(document, "trials")) {
    if (!trial.is_object() || !trial.contains("proof") || !trial["proof"].is_object()) continue;
    is_proof = true;
    ++counts[trial["proof"].contains("fit") && trial["proof"]["fit"] == true ? "fit" : "unfit"];
  }
  for (const Json& mode : list_at(document, "modes")) {
    for (const Json& row : list_at(mode, "rows")) {
      if (row.is_object() && row.contains("claim") && row["claim"].is_string())
        ++counts[row["claim"].get<std::string>()];
    }
  }
  if (!is_proof) count("verdicts", "verdict");
  count("results", "status");
  count("claims", "state");
  count("findings", "level");
  std::vector<std::pair<std::string, std::size_t>> words(counts.begin(), counts.end());
  const auto rank = [](const auto& word) {
    const Tone tone = tone_of(word.first);
    return tone == Tone::bad ? 0 : tone == Tone::open ? 1 : 2;
  };
  std::stable_sort(words.begin(), words.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return words;
}

std::string to_html(const Page& page) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n",
      escaped(page.title), style_sheet());
  html += overview(page) + chains(page);
  for (std::size_t i = 0; i < page.entries.size(); ++i) html += section(page.entries[i], i);
  return html + "</body>\n</html>\n";
}

}  // namespace assay::page
