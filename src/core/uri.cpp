#include "core/uri.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace assay {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct Uri {
  std::string scheme;                    // with its ':'
  std::optional<std::string> authority;  // with its "//"
  std::string path;
  std::string query;     // with its '?'
  std::string fragment;  // with its '#'

  [[nodiscard]] std::string text() const { return scheme + authority.value_or("") + path + query + fragment; }
};

std::size_t scheme_length(std::string_view text) {
  if (text.empty() || !is_letter(text[0])) return 0;
  std::size_t i = 1;
  while (i < text.size() &&
         (is_letter(text[i]) || is_digit(text[i]) || text[i] == '+' || text[i] == '-' || text[i] == '.'))
    ++i;
  return i < text.size() && text[i] == ':' ? i + 1 : 0;
}

Uri split(std::string_view text) {
  Uri uri;
  const auto take = [&](std::size_t length) {
    std::string part(text.substr(0, length));
    text.remove_prefix(part.size());
    return part;
  };
  uri.scheme = take(scheme_length(text));
  if (text.substr(0, 2) == "//") uri.authority = take(std::min(text.find_first_of("/?#", 2), text.size()));
  uri.path = take(std::min(text.find_first_of("?#"), text.size()));
  uri.query = take(std::min(text.find('#'), text.size()));
  uri.fragment = std::string(text);
  return uri;
}

std::string without_dots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const bool leading = path.front() == '/';
    const auto end = std::min(path.find('/', leading ? 1 : 0), path.size());
    const auto segment = path.substr(0, end);
    const bool last = end == path.size();
    path.remove_prefix(end);
    if (segment == "/." || segment == "." || segment == "/.." || segment == "..") {
      if (segment.substr(segment.size() - 2 < segment.size() ? segment.size() - 2 : 0) == "..")
        out.resize(out.rfind('/') == std::string::npos ? 0 : out.rfind('/'));
      if (last) out += '/';
    } else {
      out += segment;
    }
  }
  return out;
}

std::string merged(const Uri& base, const std::string& path) {
  if (base.authority && base.path.empty()) return "/" + path;
  const auto slash = base.path.rfind('/');
  return (slash == std::string::npos ? std::string() : base.path.substr(0, slash + 1)) + path;
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

std::string resolve_uri(std::string_view base_text, std::string_view reference) {
  Uri uri = split(reference);
  if (!uri.scheme.empty()) return uri.text();
  const Uri base = split(base_text);
  uri.scheme = base.scheme;
  if (uri.authority) return uri.text();
  uri.authority = base.authority;
  if (uri.path.empty()) {
    uri.path = base.path;
    if (uri.query.empty()) uri.query = base.query;
  } else {
    uri.path = without_dots(uri.path.front() == '/' ? uri.path : merged(base, uri.path));
  }
  return uri.text();
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      unsigned value = 0;
      std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_uri_reference(std::string_view text) {
  static constexpr std::string_view punctuation = "-._~:/?#[]@!$&'()*+,;=";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
    } else if (!is_letter(text[i]) && !is_digit(text[i]) &&
               punctuation.find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  const auto uri = split(text);
  if (uri.fragment.find('#', 1) != std::string::npos) return false;
  if (!uri.scheme.empty() || uri.authority) return true;
  return uri.path.substr(0, uri.path.find('/')).find(':') == std::string::npos;  // "1a:b" has no scheme
}

bool is_uri(std::string_view text) {
  return is_uri_reference(text) && scheme_length(text) > 0;
}

}  // namespace assay
