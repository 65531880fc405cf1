# Writes a C++ file that holds the rule packs, in the order given: cmake -DOUT=file -DFILES="a;b" -P embed.cmake
set(body "")
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" text)
  string(APPEND body "      {\"${name}\", R\"__toml__(${text})__toml__\"},\n")
endforeach()
file(WRITE "${OUT}" "#include \"claims/rules.hpp\"
namespace assay::claims {
std::vector<BuiltinFile> builtin_files() {
  return {
${body}  };
}
}  // namespace assay::claims
")
