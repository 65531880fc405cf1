# Run by cmake --install: writes the manual page of each command, and the completions, from the program itself.
#
#   program   the installed program
#   manuals   folder of the manual pages
#   data      the prefix's share
function(written_by_program file)
  execute_process(COMMAND "${program}" ${ARGN} OUTPUT_VARIABLE text RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${program} ${ARGN}: ended with ${failed}, so ${file} was not written")
  endif()
  file(WRITE "${file}" "${text}")
  message(STATUS "Written: ${file}")
endfunction()

execute_process(COMMAND "${program}" --help OUTPUT_VARIABLE help RESULT_VARIABLE failed)
string(REGEX MATCH "Subcommands:\n(  [^\n]*\n)+" listed "${help}")
string(REGEX MATCHALL "\n  [a-z][a-z-]*" verbs "${listed}")
if(failed OR NOT verbs)
  message(FATAL_ERROR "${program} --help lists no commands")
endif()
written_by_program("${manuals}/assay.1" man)
foreach(verb IN LISTS verbs)
  string(STRIP "${verb}" verb)
  written_by_program("${manuals}/assay-${verb}.1" man "${verb}")
endforeach()
written_by_program("${data}/bash-completion/completions/assay" completion bash)
written_by_program("${data}/zsh/site-functions/_assay" completion zsh)
written_by_program("${data}/fish/vendor_completions.d/assay.fish" completion fish)
