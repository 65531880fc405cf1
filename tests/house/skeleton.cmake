# What scripts/new-workload and scripts/new-command write, in a tree of its own under the build folder, compiled as the
# program with one workload and one subcommand more. The rest comes from this build's libraries: their all.cpp is never
# drawn from the archive, since the skeleton's, compiled the same way, defines the same functions first.
set(skeleton "${CMAKE_CURRENT_BINARY_DIR}/skeleton")
set(edited src/workload/all.cpp src/workload/CMakeLists.txt tests/unit/workload/CMakeLists.txt
    commands/all.cpp commands/all.hpp commands/CMakeLists.txt)
set(workload_sources "${skeleton}/src/workload/all.cpp" "${skeleton}/src/workload/pendulum/pendulum.cpp")
set(command_sources "${skeleton}/commands/all.cpp" "${skeleton}/commands/count_all.cpp")
set(test_source "${skeleton}/tests/unit/workload/pendulum.test.cpp")
list(TRANSFORM edited PREPEND "${CMAKE_SOURCE_DIR}/" OUTPUT_VARIABLE edited_paths)

add_custom_command(OUTPUT ${workload_sources} ${command_sources} "${test_source}"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${skeleton}"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${skeleton}"
  COMMAND cp --parents ${edited} .clang-format "${skeleton}"
  COMMAND scripts/new-workload --root "${skeleton}" pendulum
  COMMAND scripts/new-command --root "${skeleton}" count-all
  DEPENDS ${edited_paths} "${CMAKE_SOURCE_DIR}/scripts/new-workload" "${CMAKE_SOURCE_DIR}/scripts/new-command"
  WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" VERBATIM)

add_library(skeleton_workload OBJECT ${workload_sources})
target_include_directories(skeleton_workload BEFORE PRIVATE "${skeleton}/src")
target_link_libraries(skeleton_workload PUBLIC assay_workload PRIVATE assay_warnings)

add_executable(test_new_workload "${test_source}" $<TARGET_OBJECTS:skeleton_workload>)
target_include_directories(test_new_workload BEFORE PRIVATE "${skeleton}/src")
target_link_libraries(test_new_workload PRIVATE assay_catch_main assay_workload assay_warnings)

add_executable(skeleton_assay ${command_sources} $<TARGET_OBJECTS:skeleton_workload>
  "${CMAKE_SOURCE_DIR}/commands/main.cpp")
target_include_directories(skeleton_assay BEFORE PRIVATE "${skeleton}")
target_link_libraries(skeleton_assay PRIVATE assay_commands assay_glue assay_warnings CLI11::CLI11 nlohmann_json::nlohmann_json)
set_target_properties(skeleton_assay PROPERTIES
  OUTPUT_NAME assay RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/bin")
