// The MPI program of mpi_commands.py: sums X times the rank's number over its ranks, after a while.
#define OMPI_SKIP_MPICXX 1
#include <mpi.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int rank = 0, ranks = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (argc > 2) {
    const timespec pause{std::atoi(argv[2]), 0};
    nanosleep(&pause, nullptr);
  }
  const double mine = std::atof(argv[1]) * (rank + 1);
  double sum = 0.0;
  MPI_Reduce(&mine, &sum, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
  if (rank == 0) std::printf("%d %g\n", ranks, sum);
  MPI_Finalize();
  return 0;
}
