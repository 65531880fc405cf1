# Warnings for our own targets only; errors in the CI presets. Designated initialisers leave the rest at its default on
# purpose; g++ 12 reports -Wrestrict and -Wmaybe-uninitialized falsely inside std::string.
add_library(assay_warnings INTERFACE)
target_compile_options(assay_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wno-missing-field-initializers -Wno-restrict -Wno-maybe-uninitialized>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${ASSAY_WERROR}>>:-Werror>)

# Commands and tests have no hot loop: most of their time is the compiler's own, which a lower level halves.
add_library(assay_glue INTERFACE)
target_compile_options(assay_glue INTERFACE $<$<CONFIG:Release>:-O1> $<$<CONFIG:RelWithDebInfo>:-O0>)

# With the sanitizers most layers are not optimised either. These do the work that their tests wait for.
add_library(assay_hot INTERFACE)
target_compile_options(assay_hot INTERFACE $<$<CONFIG:RelWithDebInfo>:-O1>)
