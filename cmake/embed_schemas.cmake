# assay_embed_schemas(TARGET): schemas/*.v1.schema.json become string literals, so that the binary needs no files.
function(assay_embed_schemas target)
  file(GLOB schemas CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/schemas/*.v1.schema.json")
  set(entries "")
  foreach(path IN LISTS schemas)
    get_filename_component(kind "${path}" NAME)
    string(REPLACE ".v1.schema.json" "" kind "${kind}")
    file(READ "${path}" text)
    # A string literal may hold 64 KiB; adjacent ones are joined by the compiler.
    string(LENGTH "${text}" length)
    set(literal "")
    set(from 0)
    while(from LESS length)
      string(SUBSTRING "${text}" ${from} 8000 piece)
      string(APPEND literal "\n     R\"schema(${piece})schema\"")
      math(EXPR from "${from} + 8000")
    endwhile()
    string(APPEND entries "    {\"${kind}\", ${literal}},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
  endforeach()
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/embedded_schemas.cpp" @ONLY CONTENT
"#include \"evidence/embedded_schemas.hpp\"

namespace assay::evidence {
namespace {
constexpr EmbeddedSchema kSchemas[] = {
@entries@};
}
std::span<const EmbeddedSchema> embedded_schemas() { return kSchemas; }
}  // namespace assay::evidence
")
  target_sources(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/embedded_schemas.cpp")
endfunction()
