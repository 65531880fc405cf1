// Reading claims.toml, strictly.
// SPDX-License-Identifier: MIT
#include "claims/binding/ledger.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/suggest.hpp"

namespace assay::claims {
namespace {

namespace fs = std::filesystem;

struct Kind {
  std::string_view name;
  std::uint8_t classes;
};
constexpr std::uint8_t bit(ClaimClass c) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(c));
}
constexpr std::uint8_t capabilities =
    bit(ClaimClass::accelerator) | bit(ClaimClass::distributed) | bit(ClaimClass::parallel);
constexpr std::array kinds{
    Kind{"speedup", bit(ClaimClass::speed)},
    Kind{"time-ratio", bit(ClaimClass::speed)},
    Kind{"time", bit(ClaimClass::speed)},
    Kind{"throughput", bit(ClaimClass::speed)},
    Kind{"size", bit(ClaimClass::speed)},
    Kind{"scaling-efficiency", bit(ClaimClass::speed)},
    Kind{"accuracy", bit(ClaimClass::identity)},
    Kind{"identity", bit(ClaimClass::identity)},
    Kind{"parallel-engine", capabilities},
    Kind{"availability", capabilities | bit(ClaimClass::packaging) | bit(ClaimClass::boundary)},
    Kind{"coverage", bit(ClaimClass::status)},
    Kind{"count", 0xff},
    Kind{"value", 0xff},
};

const std::vector<std::string> compare_names{"by-text", "rounds-to", "at-least", "at-most",
                                             "within",  "interval",  "equals"};
const std::vector<std::string> quotes{"point", "median", "mean", "ci-low", "ci-high", "count"};

// The reader of one table of the ledger; every complaint names file, line and column.
class Entry {
 public:
  Entry(std::string file, const toml::table& table) : file_(std::move(file)), table_(table) {}

  [[noreturn]] void refuse(const toml::source_region& at, std::string what, std::string expected = {},
                           std::string found = {}) const {
    throw UserError(
        Problem{.what = std::move(what),
                .where = {file_, static_cast<int>(at.begin.line), static_cast<int>(at.begin.column)},
                .expected = std::move(expected),
                .found = std::move(found)});
  }
  [[noreturn]] void refuse(std::string what, std::string expected = {}) const {
    refuse(table_.source(), std::move(what), std::move(expected));
  }

  std::string text(std::string_view key) const {
    const auto* node = table_.get(key);
    if (!node) return {};
    if (const auto value = node->value_exact<std::string>()) return *value;
    refuse(node->source(), fmt::format("\"{}\" is no text", key), "a string");
  }
  std::string choice(std::string_view key, const std::vector<std::string>& choices) const {
    auto value = text(key);
    if (!value.empty() && std::find(choices.begin(), choices.end(), value) == choices.end())
      refuse(table_.get(key)->source(), fmt::format("\"{}\" is no {}", value, key), one_of(value, choices));
    return value;
  }
  std::optional<double> number(std::string_view key) const {
    const auto* node = table_.get(key);
    if (!node) return std::nullopt;
    const bool numeric = node->is_integer() || node->is_floating_point();
    if (!numeric) refuse(node->source(), fmt::format("\"{}\" is no number", key), "a number");
    return node->value<double>();
  }
  std::vector<std::string> texts(std::string_view key) const {
    std::vector<std::string> out;
    const auto* node = table_.get(key);
    if (!node) return out;
    if (node->is_string()) return {text(key)};
    const auto* list = node->as_array();
    if (!list) refuse(node->source(), fmt::format("\"{}\" is no list", key), "a list of strings");
    for (const auto& item : *list) {
      const auto value = item.value_exact<std::string>();
      if (!value) refuse(item.source(), fmt::format("an entry of \"{}\" is no text", key), "a string");
      out.push_back(*value);
    }
    return out;
  }
  void known_keys_only(std::initializer_list<std::string_view> known) const {
    const std::vector<std::string> names(known.begin(), known.end());
    for (const auto& [key, value] : table_) {
      const std::string name(key.str());
      if (std::find(names.begin(), names.end(), name) == names.end())
        refuse(value.source(), fmt::format("unknown key \"{}\"", name), one_of(name, names));
    }
  }
  const toml::table& table() const { return table_; }
  const std::string& file() const { return file_; }
  std::uint32_t line() const { return table_.source().begin.line; }

 private:
  std::string file_;
  const toml::table& table_;
};

std::string scalar_text(const Entry& entry, const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto whole = node.value_exact<std::int64_t>()) return std::to_string(*whole);
  if (const auto real = node.value_exact<double>()) return fmt::format("{}", *real);
  if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
  entry.refuse(node.source(), "not a single value", "a number, text, true or false");
}

std::optional<HistorySpec> read_history(const Entry& entry) {
  const auto* node = entry.table().get("history");
  if (!node) return std::nullopt;
  const auto* table = node->as_table();
  if (!table) entry.refuse(node->source(), "\"history\" is no table", "{arm = \"new\", against = \"old\"}");
  const Entry inner(entry.file(), *table);
  inner.known_keys_only({"arm", "against", "since", "until", "host"});
  HistorySpec query{inner.text("arm"), inner.text("against"), inner.text("since"), inner.text("until"),
                    inner.text("host")};
  if (query.arm.empty()) inner.refuse("a history without arm", "{arm = \"new\"}");
  return query;
}

SourceSpec read_source(const Entry& entry) {
  SourceSpec source;
  source.path = entry.text("source");
  if (const auto mark = source.path.find("#/"); mark != std::string::npos) {
    source.pointer = source.path.substr(mark + 1);
    source.path.resize(mark);
  } else if (source.path.ends_with('#')) {
    source.path.pop_back();
  }
  source.column = entry.text("column");
  source.pattern = entry.text("pattern");
  source.count = entry.choice("count", {"tests", "passed", "failed", "skipped"});
  source.property = entry.choice("property", {"bytes", "lines", "sha256"});
  if (const auto* node = entry.table().get("where")) {
    const auto* where = node->as_table();
    if (!where) entry.refuse(node->source(), "\"where\" is no table", "{ky = 0.3}");
    for (const auto& [key, value] : *where)
      source.where.emplace_back(std::string(key.str()), scalar_text(entry, value));
  }
  source.history = read_history(entry);
  const bool outside = fs::path(source.path).is_absolute() || source.path.starts_with("..");
  if (outside)
    entry.refuse(entry.table().get("source")->source(), "the source is outside of the ledger's folder",
                 "a path below the folder of " + entry.file(), source.path);
  return source;
}

Requirement read_requirement(const Entry& entry, const toml::node& node) {
  Requirement out;
  if (const auto word = node.value_exact<std::string>()) {
    const bool rung = word->size() == 2 && (*word)[0] == 'I' && (*word)[1] >= '0' && (*word)[1] <= '6';
    (rung ? out.level : out.verdict) = *word;
    return out;
  }
  const auto* table = node.as_table();
  if (!table)
    entry.refuse(node.source(), "no requirement", "\"pass\", \"I2\" or {gate = \"...\", level = \"I2\"}");
  const Entry inner(entry.file(), *table);
  inner.known_keys_only({"gate", "level", "verdict"});
  out.gate = inner.text("gate");
  out.level = inner.choice("level", {"I0", "I1", "I2", "I3", "I4", "I5", "I6"});
  if (const auto verdict = inner.text("verdict"); !verdict.empty()) out.verdict = verdict;
  return out;
}

void read_condition(const Entry& entry, LedgerClaim& claim) {
  claim.at_least = entry.number("at-least");
  claim.at_most = entry.number("at-most");
  if (const auto* node = entry.table().get("equals")) claim.equals = scalar_text(entry, *node);
  const auto compare = entry.choice("compare", compare_names);
  if (!compare.empty())
    claim.compare = static_cast<Compare>(std::find(compare_names.begin(), compare_names.end(), compare) -
                                         compare_names.begin());
  if (const auto within = entry.number("within")) {
    if (!(*within >= 0 && *within < 1))
      entry.refuse(entry.table().get("within")->source(), "\"within\" is a fraction", "0 <= within < 1");
    claim.within = *within;
    if (compare.empty()) claim.compare = Compare::within;
  }
  claim.quote = entry.text("quote");
  if (claim.quote == "max" || claim.quote == "min")
    entry.refuse(entry.table().get("quote")->source(), "the extreme of the samples may not be quoted",
                 "point, median, mean, ci-low or ci-high", claim.quote);
  claim.quote = entry.choice("quote", quotes);
}

LedgerClaim read_claim(const Entry& entry) {
  entry.known_keys_only({"id",       "kind",           "source", "column",  "where",    "pattern",
                         "count",    "property",       "unit",   "compare", "within",   "quote",
                         "at-least", "at-most",        "equals", "scope",   "requires", "max-age",
                         "depends",  "depends-sha256", "sha256", "owner",   "note",     "history"});
  LedgerClaim claim;
  claim.id = entry.text("id");
  if (claim.id.empty()) entry.refuse("a claim without id", "id = \"scan.speedup\"");
  if (claim.id.find_first_of(" ,\t<>{}()`") != std::string::npos)
    entry.refuse(entry.table().get("id")->source(), "an id is one word without brackets", {}, claim.id);
  claim.line = entry.line();
  claim.kind = entry.choice("kind", claim_kinds());
  if (claim.kind.empty()) claim.kind = "value";
  claim.unit = entry.text("unit");
  claim.source = read_source(entry);
  read_condition(entry, claim);
  claim.scope = entry.texts("scope");
  claim.depends = entry.texts("depends");
  claim.depends_sha256 = entry.text("depends-sha256");
  claim.sha256 = entry.text("sha256");
  claim.owner = entry.text("owner");
  claim.note = entry.text("note");
  if (const auto days = entry.number("max-age")) claim.max_age_days = static_cast<int>(*days);
  if (const auto* node = entry.table().get("requires")) {
    if (const auto* list = node->as_array())
      for (const auto& item : *list) claim.requirements.push_back(read_requirement(entry, item));
    else
      claim.requirements.push_back(read_requirement(entry, *node));
  }
  return claim;
}

LedgerTable read_table(const Entry& entry, bool plot) {
  entry.known_keys_only({"id", "source", "columns", "keys", "digits", "where"});
  LedgerTable table;
  table.id = entry.text("id");
  if (table.id.empty()) entry.refuse("a table without id", "id = \"scan.table\"");
  table.line = entry.line();
  table.plot = plot;
  table.source = read_source(entry);
  if (table.source.path.empty()) entry.refuse("a table without source", "source = \"artifacts/scan.csv\"");
  for (const auto& column : entry.texts("columns")) {
    const auto mark = column.find(" = ");
    const auto field = column.substr(0, mark);
    table.columns.emplace_back(field, mark == std::string::npos ? field : column.substr(mark + 3));
  }
  if (table.columns.empty())
    entry.refuse("a table without columns", "columns = [\"ky\", \"gamma = growth rate\"]");
  if (plot && table.columns.size() != 2) entry.refuse("a plot draws one column over another", "two columns");
  table.keys = entry.texts("keys");
  if (table.keys.empty()) table.keys = {table.columns.front().first};
  if (const auto digits = entry.number("digits")) {
    if (*digits < 1 || *digits > 17)
      entry.refuse(entry.table().get("digits")->source(), "\"digits\" is out of range", "1 to 17");
    table.digits = static_cast<int>(*digits);
  }
  return table;
}

template <class Read>
void each(const toml::table& root, std::string_view name, const std::string& file, const Read& read) {
  const auto* node = root.get(name);
  if (!node) return;
  const auto* list = node->as_array();
  if (!list)
    Entry(file, root)
        .refuse(node->source(), fmt::format("\"{}\" is no list of tables", name), fmt::format("[[{}]]", name));
  for (const auto& item : *list) {
    const auto* table = item.as_table();
    if (!table) Entry(file, root).refuse(item.source(), fmt::format("an entry of \"{}\" is no table", name));
    read(Entry(file, *table));
  }
}

}  // namespace

std::string_view name_of(Compare compare) {
  return compare_names[static_cast<std::size_t>(compare)];
}

const std::vector<std::string>& claim_kinds() {
  static const auto names = [] {
    std::vector<std::string> out;
    for (const auto& kind : kinds) out.emplace_back(kind.name);
    return out;
  }();
  return names;
}

std::uint8_t classes_of(std::string_view kind) {
  for (const auto& k : kinds)
    if (k.name == kind) return k.classes;
  return 0xff;
}

const LedgerClaim* Ledger::find(std::string_view id) const {
  const auto at = by_id.find(id);
  return at == by_id.end() ? nullptr : &claims[at->second];
}

const LedgerTable* Ledger::find_table(std::string_view id) const {
  for (const auto& table : tables)
    if (table.id == id) return &table;
  return nullptr;
}

Ledger parse_ledger(std::string_view text, const fs::path& file) {
  Ledger ledger;
  ledger.file = file;
  ledger.root = folder_of(file);
  const auto name = file.string();
  toml::table root;
  try {
    root = toml::parse(text, name);
  } catch (const toml::parse_error& e) {
    throw UserError(Problem{
        .what = std::string(e.description()),
        .where = {name, static_cast<int>(e.source().begin.line), static_cast<int>(e.source().begin.column)}});
  }
  Entry(name, root).known_keys_only({"claim", "table", "plot"});
  each(root, "claim", name, [&](const Entry& entry) {
    auto claim = read_claim(entry);
    if (!ledger.by_id.emplace(claim.id, ledger.claims.size()).second)
      entry.refuse(fmt::format("claim \"{}\" stands twice in the ledger", claim.id));
    ledger.claims.push_back(std::move(claim));
  });
  for (const bool plot : {false, true})
    each(root, plot ? "plot" : "table", name, [&](const Entry& entry) {
      auto table = read_table(entry, plot);
      if (ledger.find_table(table.id)) entry.refuse(fmt::format("\"{}\" stands twice in the ledger", table.id));
      ledger.tables.push_back(std::move(table));
    });
  return ledger;
}

Ledger read_ledger(const fs::path& file) {
  return parse_ledger(read_file(file), file);
}

fs::path discover_ledger(const fs::path& folder) {
  std::error_code ignored;
  fs::path shown = folder.empty() ? fs::path(".") : folder;
  for (int up = 0; up < 64; ++up) {
    const auto candidate = (shown / "claims.toml").lexically_normal();
    if (fs::is_regular_file(candidate, ignored)) return candidate;
    if (fs::exists(shown / ".git", ignored)) return {};
    const auto next = shown / "..";
    if (fs::equivalent(shown, next, ignored)) return {};
    shown = next;
  }
  return {};
}

}  // namespace assay::claims
