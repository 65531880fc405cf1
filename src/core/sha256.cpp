#include "core/sha256.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "core/file.hpp"

namespace assay {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

namespace {

/// Without its configuration, which says nothing about a digest: reading it takes a good part of a short run.
void start_library() {
  static const int started = OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  static_cast<void>(started);
}

void check(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL cannot compute SHA-256");
}

}  // namespace

Sha256::Sha256() {
  start_library();
  state_ = std::make_unique<State>();
  check(state_->context != nullptr && EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  check(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() const {
  static constexpr std::string_view digits = "0123456789abcdef";
  const State copy;
  check(copy.context != nullptr && EVP_MD_CTX_copy_ex(copy.context, state_->context) == 1);
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned length = 0;
  check(EVP_DigestFinal_ex(copy.context, bytes.data(), &length) == 1);
  std::string out;
  for (unsigned i = 0; i < length; ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.hex();
}

std::string short_sha256(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  constexpr std::size_t kLetters = 16;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  start_library();
  check(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1);
  std::string text;
  unsigned bits = 0, have = 0;
  for (std::size_t i = 0; text.size() < kLetters; ++i) {
    bits = bits << 8U | digest.at(i);
    for (have += 8; have >= 6 && text.size() < kLetters;) {
      have -= 6;
      text += kAlphabet[bits >> have & 63U];
    }
    bits &= (1U << have) - 1U;
  }
  return text;
}

FileDigest sha256_file(const std::filesystem::path& path) {
  Sha256 digest;
  std::uint64_t size = 0;
  read_file_in_pieces(path, [&](std::string_view piece) {
    digest.update(piece);
    size += piece.size();
  });
  return {digest.hex(), size};
}

}  // namespace assay
