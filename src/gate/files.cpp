#include "gate/files.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/npy.hpp"
#include "core/suggest.hpp"
#include "gate/input.hpp"

namespace assay::gate {
namespace {

std::string_view kind_word(FileKind kind) {
  switch (kind) {
    case FileKind::csv: return "csv";
    case FileKind::text: return "text";
    case FileKind::json: return "json";
    case FileKind::npy: return "npy";
    case FileKind::raw: return "raw";
    case FileKind::guess: break;
  }
  return "auto";
}

}  // namespace

FileFormat parse_format(std::string_view text) {
  if (text == "auto") return {};
  for (const FileKind kind : {FileKind::csv, FileKind::text, FileKind::json, FileKind::npy}) {
    if (text == kind_word(kind)) return {kind, {}};
  }
  if (text.starts_with("raw:")) {
    if (const auto type = parse_type_word(text.substr(4))) return {FileKind::raw, *type};
  }
  throw UserError(Problem{.what = "not a file format: \"" + std::string(text) + "\"",
                          .expected =
                              "auto, csv, text, json, npy, or raw:TYPE with TYPE one of f64, f32, i8 to i64, "
                              "u8 to u64, c64, c128, bool (be behind it: big endian)"});
}

FileKind guess_kind(const std::filesystem::path& path) {
  if (is_npy(npy_source(Input(path)))) return FileKind::npy;
  std::string suffix = path.extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (suffix == ".npy") return FileKind::npy;
  if (suffix == ".json") return FileKind::json;
  if (suffix == ".csv" || suffix == ".tsv") return FileKind::csv;
  if (suffix == ".bin" || suffix == ".raw" || suffix == ".f64" || suffix == ".f32") {
    throw UserError("\"" + path.string() + "\" is raw binary by its name",
                    "say what it holds: --format raw:f64");
  }
  return FileKind::text;
}

void reject_unused(const Rules& rules, const GateReport& report) {
  const std::vector<std::string> unused = rules.unused();
  if (unused.empty()) return;
  std::vector<std::string> names;
  for (const ObservableReport& o : report.observables) names.push_back(o.name);
  throw UserError(Problem{.what = "rule \"" + unused.front() + "\" matches nothing",
                          .expected = one_of(unused.front(), names)});
}

GateReport compare_files_sharing(const std::filesystem::path& a, const std::filesystem::path& b, Rules& rules,
                                 const FileFormat& format) {
  FileKind kind = format.kind;
  if (kind == FileKind::guess) {
    kind = guess_kind(a);
    const FileKind other = guess_kind(b);
    if (kind != other) {
      throw UserError(
          Problem{.what = "\"" + a.string() + "\" and \"" + b.string() + "\" are different kinds of files",
                  .expected = "two files of one kind",
                  .found = std::string(kind_word(kind)) + " and " + std::string(kind_word(other)),
                  .hint = "name the format of both with --format"});
    }
  }
  GateReport report = kind == FileKind::json  ? compare_json(a, b, rules)
                      : kind == FileKind::npy ? compare_npy(a, b, rules)
                      : kind == FileKind::raw ? compare_raw(a, b, rules, format.type)
                                              : compare_tables(a, b, rules, kind == FileKind::text);
  for (ObservableReport& o : report.observables) {
    if (o.required.level == Level::byte && !report.bytes_equal && o.verdict == Verdict::pass) {
      o.verdict = Verdict::fail;
      o.reasons.emplace_back("required I0 (byte): the values are equal, the bytes of the files are not");
    }
  }
  conclude(report);
  return report;
}

GateReport compare_files(const std::filesystem::path& a, const std::filesystem::path& b, Rules rules,
                         const FileFormat& format) {
  GateReport report = compare_files_sharing(a, b, rules, format);
  reject_unused(rules, report);
  return report;
}

}  // namespace assay::gate
