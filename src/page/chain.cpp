// What rests on what: a claim in a document, the measurement behind it, the gate that says that the measured
// runs give the same, and the proof that this gate can fail. Drawn only where a link is really in the
// documents.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "page/html.hpp"
#include "page/page.hpp"

namespace assay::page {
namespace {

std::string text_at(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key) || !object[key].is_string()) return {};
  return object[key].get<std::string>();
}

std::string link(const Page& page, std::size_t index, const std::string& word) {
  const auto name = page.entries[index].path;
  return fmt::format("{} <a href=\"#{}\">{}</a>", chip(word), anchor_of(index),
                     escaped(name.substr(name.rfind('/') + 1)));
}

/// Which gate a measurement names: by the digest of its definition, or of the config that both have.
struct Wanted {
  std::string definition, config;
};

bool fits(const Json& trial, const Wanted& wanted) {
  if (!wanted.definition.empty()) return text_at(trial, "definition_sha256") == wanted.definition;
  for (const Json& side : list_at(trial, "sides")) {
    if (text_at(side, "config_sha256") == wanted.config) return true;
  }
  return false;
}

/// Verdicts (or proofs) of the gates that fit; `definition` is filled in by the first that is found.
std::string gates(const Page& page, Wanted& wanted, bool proofs) {
  std::string html;
  for (std::size_t i = 0; i < page.entries.size(); ++i) {
    for (const Json& trial : list_at(*page.entries[i].document, "trials")) {
      if (trial.is_object() && trial.contains("proof") != proofs) continue;
      if (!fits(trial, wanted)) continue;
      if (!proofs && wanted.definition.empty()) wanted.definition = text_at(trial, "definition_sha256");
      const bool fit = proofs && trial["proof"].is_object() && trial["proof"].contains("fit") &&
                       trial["proof"]["fit"] == true;
      html += (html.empty() ? "" : "<br>") +
              link(page, i, proofs ? fit ? "fit" : "unfit" : text_at(trial, "verdict"));
    }
  }
  return html.empty() ? "<span class=\"key\">not among these documents</span>" : html;
}

/// Claims of the documents that were checked whose value comes from this file.
std::string claims(const Page& page, const std::string& path) {
  std::string html;
  for (const Entry& entry : page.entries) {
    for (const Json& claim : list_at(*entry.document, "claims")) {
      const std::string source = text_at(claim, "source");
      const bool here = !source.empty() && (path == source || path.ends_with("/" + source));
      if (!here) continue;
      html +=
          (html.empty() ? "" : "<br>") + chip(text_at(claim, "state")) + " " + escaped(text_at(claim, "id"));
    }
  }
  return html;
}

}  // namespace

std::string chains(const Page& page) {
  Table table{.head = {"measurement", "gate", "proof", "claims"}, .rows = {}};
  for (std::size_t i = 0; i < page.entries.size(); ++i) {
    const Json& d = *page.entries[i].document;
    if (!d.is_object() || !d.contains("identity") ||
        list_at(d, "measurements").empty() == list_at(d, "modes").empty())
      continue;
    Wanted wanted{.definition = text_at(d["identity"], "definition_sha256"),
                  .config = text_at(d, "config_sha256")};
    if (wanted.definition.empty() && wanted.config.empty()) continue;
    std::string says;
    for (const auto& [word, count] : words_of(d)) says += chip(word) + " ";
    const std::string name = page.entries[i].path;
    const std::string gate = gates(page, wanted, false);
    table.rows.push_back(
        {says + fmt::format("<a href=\"#{}\">{}</a>", anchor_of(i), escaped(name.substr(name.rfind('/') + 1))),
         gate, gates(page, wanted, true), claims(page, name)});
  }
  return table.rows.empty()
             ? ""
             : "<h2>What rests on what</h2>\n<div class=\"front\">" + to_html(table) + "</div>\n";
}

}  // namespace assay::page
