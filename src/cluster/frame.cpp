// SPDX-License-Identifier: MIT
#include "cluster/frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/crc32.hpp"

namespace assay::cluster {
namespace {

constexpr std::size_t kLongestHeader = 80;
constexpr std::string_view kStart = "assay/";

/// Bytes of a stranger, fit for a message.
std::string excerpt(std::string_view bytes) {
  std::string text;
  for (const char c : bytes.substr(0, std::min<std::size_t>(bytes.size(), 60)))
    text += c >= ' ' && c <= '~' ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return "\"" + text + "\"";
}

std::string_view take_word(std::string_view& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

template <class Number>
bool parse(std::string_view word, Number& number, int base) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number, base);
  return error == std::errc() && end == word.data() + word.size() && !word.empty();
}

struct Header {
  std::string_view kind;
  std::size_t bytes = 0;
  std::uint32_t checksum = 0;
};

Header parse_header(std::string_view line) {
  std::string_view rest = line;
  const auto version = take_word(rest);
  int protocol = 0;
  if (version.substr(0, kStart.size()) != kStart || !parse(version.substr(kStart.size()), protocol, 10))
    throw ProtocolError("expected a frame that begins with assay/" + std::to_string(kProtocol) + ", found " +
                        excerpt(line));
  if (protocol != kProtocol)
    throw ProtocolError("it speaks version " + std::to_string(protocol) + " of the protocol, and this assay " +
                        std::to_string(kProtocol));
  Header header{.kind = take_word(rest)};
  const auto bytes = take_word(rest), checksum = take_word(rest);
  if (header.kind.empty() || !parse(bytes, header.bytes, 10) || !parse(checksum, header.checksum, 16) ||
      !rest.empty() || header.bytes > kLargestPayload)
    throw ProtocolError("expected kind, bytes and checksum of a frame, found " + excerpt(line));
  return header;
}

}  // namespace

std::string encoded(const Frame& frame) {
  std::string text =
      fmt::format("assay/{} {} {} {:08x}\n", kProtocol, frame.kind, frame.payload.size(), crc32(frame.payload));
  text += frame.payload;
  text += '\n';
  return text;
}

void FrameReader::add(std::string_view bytes) {
  if (at_ > 0 && (at_ == buffer_.size() || at_ > buffer_.size() / 2)) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  buffer_ += bytes;
}

std::optional<Frame> FrameReader::next() {
  const std::string_view rest = std::string_view(buffer_).substr(at_);
  if (rest.empty()) return std::nullopt;
  const auto newline = rest.find('\n');
  if (newline == std::string_view::npos && rest.size() < kLongestHeader) return std::nullopt;
  const Header header = parse_header(rest.substr(0, std::min(newline, kLongestHeader)));
  const std::size_t end = newline + 1 + header.bytes + 1;
  if (rest.size() < end) return std::nullopt;
  const auto payload = rest.substr(newline + 1, header.bytes);
  if (rest[end - 1] != '\n' || crc32(payload) != header.checksum)
    throw ProtocolError("a frame \"" + std::string(header.kind) + "\" whose checksum does not hold");
  Frame frame{std::string(header.kind), std::string(payload)};
  at_ += end;
  return frame;
}

}  // namespace assay::cluster
