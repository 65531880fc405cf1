# Writes a C++ file that holds the drawing script: cmake -DOUT=file -DSCRIPT=draw.py -P embed.cmake
file(READ "${SCRIPT}" text)
file(WRITE "${OUT}" "#include \"plot/script.hpp\"\nnamespace assay::plot {\nstd::string_view draw_script() {\n")
file(APPEND "${OUT}" "  return R\"__draw__(${text})__draw__\";\n}\n}  // namespace assay::plot\n")
