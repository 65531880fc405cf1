// The plain program; main_mpi.cpp is the same as the ranks of an MPI run.
#include "commands/program.hpp"

int main(int argc, char** argv) {
  return assay::commands::program(argc, argv);
}
