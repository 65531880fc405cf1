# cmake --install build/release --prefix DIR: the program, its manual pages and completions. Nothing else is needed to
# run it: schemas, rules and scripts are in the program. Pages and completions are written by the installed program.
include(GNUInstallDirs)
install(TARGETS assay DESTINATION "${CMAKE_INSTALL_BINDIR}")
if(ASSAY_HAVE_MPI)
  install(TARGETS assay-mpi DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
install(FILES README.md LICENSE CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY examples/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples" USE_SOURCE_PERMISSIONS)
if(NOT CMAKE_CROSSCOMPILING)
  install(CODE "
    set(root \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\")
    set(program \"\${root}/${CMAKE_INSTALL_BINDIR}/assay\")
    set(data \"\${root}/${CMAKE_INSTALL_DATADIR}\")
    set(manuals \"\${root}/${CMAKE_INSTALL_MANDIR}/man1\")")
  install(SCRIPT cmake/install_pages.cmake)
endif()
