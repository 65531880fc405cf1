// Reading remarks.
// SPDX-License-Identifier: MIT
#include "claims/binding/marker.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace assay::claims {
namespace {

struct Head {
  std::string_view word;
  MarkerKind kind;
};
constexpr std::array heads{Head{"claim", MarkerKind::bind},
                           Head{"/claim", MarkerKind::bind_end},
                           Head{"claim-table", MarkerKind::table},
                           Head{"/claim-table", MarkerKind::table_end},
                           Head{"claim-plot", MarkerKind::plot},
                           Head{"/claim-plot", MarkerKind::plot_end},
                           Head{"claims-ignore", MarkerKind::ignore},
                           Head{"claims-ignore-start", MarkerKind::ignore_start},
                           Head{"claims-ignore-end", MarkerKind::ignore_end}};

bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// `key=value` or `key="value with blanks"` at the start of the text; takes it away.
bool take_option(std::string_view& text, std::string_view key, std::string& value) {
  if (!text.starts_with(key) || text.size() <= key.size() || text[key.size()] != '=') return false;
  text.remove_prefix(key.size() + 1);
  const bool quoted = text.starts_with('"');
  if (quoted) text.remove_prefix(1);
  const auto end = std::min(quoted ? text.find('"') : text.find_first_of(" \t\r\n"), text.size());
  value = text.substr(0, end);
  text.remove_prefix(std::min(end + (quoted ? 1 : 0), text.size()));
  return true;
}

void read_rest(std::string_view text, Marker& marker) {
  while (!text.empty()) {
    if (blank(text.front()) || text.front() == ',') {
      text.remove_prefix(1);
      continue;
    }
    if (take_option(text, "reason", marker.reason) || take_option(text, "until", marker.until)) continue;
    const auto end = std::min(text.find_first_of(" \t\r\n,"), text.size());
    const auto word = text.substr(0, end);
    if (word.find_first_of("<>=\"") != std::string_view::npos)
      marker.problem = "\"" + std::string(word) + "\" is no id";
    marker.names.emplace_back(word);
    text.remove_prefix(end);
  }
}

}  // namespace

std::vector<Marker> parse_markers(const Document& document) {
  std::vector<Marker> out;
  for (const auto& remark : document.remarks) {
    const std::string_view body = remark.body;
    const auto colon = std::min(body.find(':'), body.size());
    auto word = body.substr(0, colon);
    while (!word.empty() && blank(word.back())) word.remove_suffix(1);
    const auto* head = std::find_if(heads.begin(), heads.end(), [&](const Head& h) { return h.word == word; });
    Marker marker;
    marker.remark = remark;
    if (head == heads.end()) {
      const bool prose = colon == body.size();  // "claims below were measured in May"
      if (prose) continue;
      marker.problem = "\"" + std::string(word) + "\" is no marker";
      out.push_back(std::move(marker));
      continue;
    }
    marker.kind = head->kind;
    const bool ends = word.starts_with('/') || head->kind == MarkerKind::ignore_end;
    if (!ends) {
      read_rest(body.substr(std::min(colon + 1, body.size())), marker);
      if (marker.names.empty() && marker.problem.empty()) marker.problem = "it names nothing";
    }
    if (body.find("<!--") != std::string_view::npos) marker.problem = "a comment begins inside of it";
    out.push_back(std::move(marker));
  }
  return out;
}

}  // namespace assay::claims
