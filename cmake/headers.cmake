# Every header compiles alone. One whose source includes it before anything else is compiled alone there; each of the
# others by one generated line, without optimisation, thrown away. The list is the tree itself (the one place where
# globbing is right: a header that nobody names is checked too).
get_property(edges GLOBAL PROPERTY ASSAY_LAYER_EDGES)
list(TRANSFORM edges REPLACE " .*" "")
list(REMOVE_DUPLICATES edges)
list(TRANSFORM edges PREPEND assay_ OUTPUT_VARIABLE layers)

file(GLOB_RECURSE headers RELATIVE "${CMAKE_SOURCE_DIR}" CONFIGURE_DEPENDS
     "${CMAKE_SOURCE_DIR}/src/*.hpp" "${CMAKE_SOURCE_DIR}/kernels/*.hpp" "${CMAKE_SOURCE_DIR}/commands/*.hpp")
if(NOT ASSAY_HAVE_CUDA)
  list(FILTER headers EXCLUDE REGEX "^src/engine/cuda/")
endif()
set(lines "")
foreach(header IN LISTS headers)
  string(REGEX REPLACE "^src/" "" included "${header}")
  string(REGEX REPLACE "hpp$" "cpp" source "${CMAKE_SOURCE_DIR}/${header}")
  if(EXISTS "${source}")
    file(STRINGS "${source}" first REGEX "^ *#" LIMIT_COUNT 1)
    if(first STREQUAL "#include \"${included}\"")
      continue()
    endif()
  endif()
  string(REPLACE "/" "." name "${included}")
  set(line "${CMAKE_BINARY_DIR}/headers/${name}.cpp")
  file(CONFIGURE OUTPUT "${line}" CONTENT "#include \"${included}\"\n")
  list(APPEND lines "${line}")
endforeach()

add_library(headers_compile_alone OBJECT ${lines})
target_compile_options(headers_compile_alone PRIVATE -O0 -g0)
target_link_libraries(headers_compile_alone PRIVATE assay_warnings assay_types ${layers}
  CLI11::CLI11 fmt::fmt nlohmann_json::nlohmann_json TBB::tbb OpenSSL::Crypto PkgConfig::OPENBLAS)
if(ASSAY_HAVE_CUDA)
  target_link_libraries(headers_compile_alone PRIVATE CUDA::cudart)
endif()
