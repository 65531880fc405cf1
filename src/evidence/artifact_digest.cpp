#include "evidence/artifact_digest.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/sha256.hpp"

namespace assay::evidence {

namespace {

constexpr std::string_view kLastMember = ",\n  \"sha256\": ";
constexpr std::array<std::string_view, 5> kTimingsAside = {"assay/scan/v1", "assay/ensemble/v1", "assay/run/v1",
                                                           "assay/gate/v1", "assay/plan/v1"};

std::string text_member(const Json& document, const char* key) {
  const bool there = document.is_object() && document.contains(key) && document[key].is_string();
  return there ? document[key].get<std::string>() : std::string();
}

void remove(Json& document, std::string_view pointer) {
  const auto slash = pointer.find('/', 1);
  const std::string key(pointer.substr(1, slash - 1));
  if (!document.is_object() || !document.contains(key)) return;
  if (slash == std::string_view::npos) {
    document.erase(key);
  } else {
    remove(document[key], pointer.substr(slash));
  }
}

}  // namespace

std::vector<std::string> volatile_pointers(std::string_view schema) {
  std::vector<std::string> pointers = {"/engine", "/provenance/run", "/sha256"};
  if (std::find(kTimingsAside.begin(), kTimingsAside.end(), schema) != kTimingsAside.end())
    pointers.emplace_back("/measurements");
  return pointers;
}

Json strip_volatile(Json document) {
  for (const auto& pointer : volatile_pointers(text_member(document, "schema"))) remove(document, pointer);
  return document;
}

std::string content_sha256(const Json& document) {
  Sha256 digest;
  const auto content = strip_volatile(document);
  for (const auto& [key, value] : content.items()) {
    if (key == "content_sha256") continue;
    digest.update(canonical_text(Json(key)));
    digest.update(":");
    digest.update(canonical_text(value));
    digest.update("\n");
  }
  return digest.hex();
}

std::string text_sha256(std::string_view text) {
  const auto end = text.rfind(kLastMember);
  return end == std::string_view::npos ? std::string() : sha256_hex(text.substr(0, end));
}

std::vector<std::string> digest_errors(std::string_view text, const Json& document) {
  std::vector<std::string> errors;
  const auto compare = [&](const char* key, const std::string& expected, const char* meaning) {
    const auto found = text_member(document, key);
    if (found.empty()) {
      errors.push_back(std::string("no ") + key + ": the document cannot be checked for changes");
    } else if (found != expected) {
      errors.push_back(std::string(key) + " does not fit: " + meaning + " (expected " + expected + ", found " +
                       found + ")");
    }
  };
  compare("content_sha256", content_sha256(document), "the content was changed after it was written");
  compare("sha256", text_sha256(text), "the file was changed after it was written");
  return errors;
}

}  // namespace assay::evidence
