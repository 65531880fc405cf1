# assay_build_info(TARGET): adds a build_info.cpp that knows compiler, flags, CUDA and the commit built.
function(assay_build_info target)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/build_info.cpp")
  get_target_property(floor assay_kernels_floor COMPILE_OPTIONS)
  get_target_property(host assay_kernels_host COMPILE_OPTIONS)
  list(JOIN floor " " floor)
  list(JOIN host " " host)
  string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}} -std=c++${CMAKE_CXX_STANDARD}" flags)
  add_custom_target(write_build_info ALL
    COMMAND "${CMAKE_COMMAND}" "-DSOURCE_DIR=${CMAKE_SOURCE_DIR}" "-DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/build_info.cpp.in"
      "-DOUTPUT=${output}" "-DASSAY_COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
      "-DASSAY_BUILD_TYPE=${CMAKE_BUILD_TYPE}" "-DASSAY_FLAGS=${flags}" "-DASSAY_FLOOR_FLAGS=${floor}"
      "-DASSAY_HOST_FLAGS=${host}" "-DASSAY_CUDA_REASON=${ASSAY_CUDA_REASON}"
      -P "${CMAKE_SOURCE_DIR}/cmake/write_build_info.cmake"
    BYPRODUCTS "${output}" COMMENT "" VERBATIM)
  target_sources(${target} PRIVATE "${output}")
  add_dependencies(${target} write_build_info)
endfunction()
