# assay_layer(NAME USES ... SOURCES ... LINK ...): one folder under src/ = one target = one namespace.
# USES names layers; each edge is also written to layers.txt in the build folder, which scripts/check-layers compares
# with every #include of the tree. LINK names outside libraries, linked privately unless after PUBLIC.
set_property(GLOBAL PROPERTY ASSAY_LAYER_EDGES "")

function(assay_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;SOURCES;LINK;PUBLIC_LINK")
  add_library(assay_${name} STATIC ${arg_SOURCES})
  add_library(assay::${name} ALIAS assay_${name})
  target_include_directories(assay_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src" "${CMAKE_SOURCE_DIR}")
  foreach(used IN LISTS arg_USES)
    target_link_libraries(assay_${name} PUBLIC assay_${used})
    set_property(GLOBAL APPEND PROPERTY ASSAY_LAYER_EDGES "${name} ${used}")
  endforeach()
  set_property(GLOBAL APPEND PROPERTY ASSAY_LAYER_EDGES "${name} ${name}")
  target_link_libraries(assay_${name} PRIVATE assay_warnings ${arg_LINK} PUBLIC ${arg_PUBLIC_LINK})
endfunction()
