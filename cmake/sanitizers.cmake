# A sanitizer preset must be able to find what it is for: refuse the set-ups in which it silently would not.
string(FIND "${CMAKE_CXX_FLAGS}" "-fsanitize=" ASSAY_SANITIZED)
if(ASSAY_SANITIZED EQUAL -1)
  set(ASSAY_SANITIZED OFF)
else()
  set(ASSAY_SANITIZED ON)
endif()
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=thread" AND NOT TBB_DIR MATCHES "tbb-tsan")
  message(FATAL_ERROR "ThreadSanitizer needs an instrumented oneTBB (Debian's gives false reports, found: ${TBB_DIR}): "
                      "run scripts/tsan-tbb, remove this build folder and configure again")
endif()
