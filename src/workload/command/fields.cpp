#include "workload/command/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/suggest.hpp"

namespace assay::workload::command {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// What stands between braces: a name, and a format after a colon. Nothing when it is no field.
struct Inside {
  std::string_view name, format;
};
std::optional<Inside> inside(std::string_view text) {
  const auto colon = text.find(':');
  const Inside parts{text.substr(0, colon), colon == std::string_view::npos ? "" : text.substr(colon + 1)};
  if (!is_field_name(parts.name)) return std::nullopt;
  if (colon == std::string_view::npos) return parts;
  if (parts.format.empty()) return std::nullopt;
  for (std::size_t i = 0; i < parts.format.size(); ++i) {
    const char c = parts.format[i];
    const bool last = i + 1 == parts.format.size();
    if (!is_digit(c) && std::string_view("+-<>^#.").find(c) == std::string_view::npos &&
        !(last && is_letter(c)))
      return std::nullopt;
  }
  return parts;
}

std::string formatted(const Value& value, const std::string& format) {
  if (format.empty()) return value_text(value);
  return std::visit([&](const auto& v) { return fmt::format(fmt::runtime("{:" + format + "}"), v); }, value);
}

}  // namespace

bool is_field_name(std::string_view text) {
  if (text.empty() || !is_letter(text.front())) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

FieldNames::FieldNames(std::vector<std::string> parameters)
    : names_(std::move(parameters)), parameters_(names_.size()) {
  for (const char* name : {"index", "seed", "task_folder", "config_folder"}) names_.emplace_back(name);
}

std::optional<std::size_t> FieldNames::find(std::string_view name) const {
  const auto it = std::find(names_.begin(), names_.end(), name);
  if (it == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(it - names_.begin());
}

FieldText FieldText::parse(std::string_view text, const FieldNames& names, const FieldValues& samples,
                           const SourcePos& where) {
  FieldText parsed;
  parsed.text_ = std::string(text);
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    if (close == std::string_view::npos) {
      plain += text[at];
      continue;
    }
    if (text.substr(at, 2) == "{{" && text.substr(close, 2) == "}}" &&
        inside(text.substr(at + 2, close - at - 2))) {
      plain += text.substr(at + 1, close - at);
      at = close + 1;
      continue;
    }
    const auto field = inside(text.substr(at + 1, close - at - 1));
    if (!field) {
      plain += text[at];
      continue;
    }
    const auto name = names.find(field->name);
    const std::string braces = "{" + std::string(field->name) + "}";
    if (!name) {
      throw UserError(Problem{.what = "the field " + braces + " is no parameter",
                              .where = where,
                              .expected = one_of(field->name, names.all()),
                              .hint = "write {" + braces + "} for the text " + braces + " itself"});
    }
    try {
      formatted(samples.at(*name), std::string(field->format));
    } catch (const fmt::format_error& e) {
      throw UserError(Problem{.what = "the format \"" + std::string(field->format) + "\" does not suit " +
                                      braces + " (" + std::string(type_name(samples.at(*name))) + ")",
                              .where = where,
                              .expected = "a format such as {x:.3e} for reals, {n:04} for integers"});
    }
    parsed.fields_.push_back({std::move(plain), *name, std::string(field->format)});
    plain.clear();
    at = close;
  }
  parsed.after_ = std::move(plain);
  return parsed;
}

std::string FieldText::render(const FieldValues& values) const {
  std::string text;
  for (const auto& field : fields_) {
    text += field.before;
    text += formatted(values[field.name], field.format);
  }
  return text + after_;
}

void FieldText::collect_used(std::set<std::size_t>& used) const {
  for (const auto& field : fields_) used.insert(field.name);
}

}  // namespace assay::workload::command
