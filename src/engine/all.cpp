// The list of engines, one line each. No self-registration: the order can be read here.
#include "engine/cuda/engine.hpp"
#include "engine/mpi/engine.hpp"
#include "engine/process/engine.hpp"
#include "engine/serial/engine.hpp"
#include "engine/slurm/engine.hpp"
#include "engine/tbb/engine.hpp"
#include "engine/workers/engine.hpp"

namespace assay::engine {

const std::vector<const Engine*>& all() {
  static const std::vector<const Engine*> engines{
      &serial::instance(),  &tbb::instance(), &cuda::instance(),  &process::instance(),
      &workers::instance(), &mpi::instance(), &slurm::instance(),
  };
  return engines;
}

}  // namespace assay::engine
