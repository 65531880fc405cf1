// embed_packs PACK... -- MODEL...: reads rule packs and weights and prints the C++ file that carries them
// inside the program. Runs when the program is built; a malformed pack stops the build.
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "claims/pack.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

using namespace assay::claims;

int main(int count, char** arguments) try {
  std::vector<Pack> packs;
  ModelText model;
  bool weights = false;
  for (int i = 1; i < count; ++i) {
    const std::filesystem::path file = arguments[i];
    if (std::string_view(arguments[i]) == "--")
      weights = true;
    else if (weights)
      read_model_text(file.filename().string(), assay::read_file(file), model);
    else
      packs.push_back(read_pack(file.filename().string(), assay::read_file(file)));
  }
  std::puts(
      "#include \"claims/rules.hpp\"\nnamespace assay::claims {\nstatic constexpr unsigned char bytes[] = {");
  const std::string all = encode(packs, model);
  for (std::size_t i = 0; i < all.size(); ++i)
    std::printf("%d,%s", static_cast<unsigned char>(all[i]), i % 40 == 39 ? "\n" : "");
  std::puts(
      "};\nstd::string_view builtin_encoded() {\n"
      "  return {reinterpret_cast<const char*>(bytes), sizeof bytes};\n}\n}  // namespace assay::claims");
  return 0;
} catch (const assay::Error& e) {
  return std::fprintf(stderr, "embed_packs: %s\n", e.what()), 1;
}
