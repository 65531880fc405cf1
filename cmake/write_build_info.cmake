# Run at every build: writes build_info.cpp, and touches it only when something changed (a commit, a first edit).
find_program(GIT git)
set(ASSAY_COMMIT "")
set(ASSAY_DIRTY false)
if(GIT AND EXISTS "${SOURCE_DIR}/.git")
  execute_process(COMMAND "${GIT}" -C "${SOURCE_DIR}" rev-parse HEAD OUTPUT_VARIABLE ASSAY_COMMIT
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND "${GIT}" --no-optional-locks -C "${SOURCE_DIR}" status --porcelain -uno
                  OUTPUT_VARIABLE changes ERROR_QUIET)
  if(changes)
    set(ASSAY_DIRTY true)
  endif()
endif()
configure_file("${INPUT}" "${OUTPUT}" @ONLY)
