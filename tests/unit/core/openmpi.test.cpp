// SPDX-License-Identifier: MIT
#include "core/openmpi.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "support/temporary_folder.hpp"

using namespace assay;

namespace {

/// The PATH is this folder alone, for a scope.
class OnlyFolderOnPath {
 public:
  explicit OnlyFolderOnPath(const std::filesystem::path& folder) : before_(std::getenv("PATH")) {
    ::setenv("PATH", folder.c_str(), 1);
  }
  ~OnlyFolderOnPath() { ::setenv("PATH", before_.c_str(), 1); }
  OnlyFolderOnPath(const OnlyFolderOnPath&) = delete;
  OnlyFolderOnPath& operator=(const OnlyFolderOnPath&) = delete;

 private:
  std::string before_;
};

void put_program(const std::filesystem::path& file) {
  test::spill(file, "#!/bin/sh\n");
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
}

}  // namespace

TEST_CASE("OpenMPI's launcher goes by its own name where it has one") {
  const test::TemporaryFolder folder;
  const OnlyFolderOnPath path(folder.path());
  CHECK(openmpi::launcher() == "mpirun");
  put_program(folder.path() / "mpirun");
  CHECK(openmpi::launcher() == "mpirun");
  put_program(folder.path() / "mpirun.openmpi");
  CHECK(openmpi::launcher() == "mpirun.openmpi");
}

TEST_CASE("OpenMPI is told what the environment does not say, and nothing else") {
  const std::vector<std::string> names{"OMPI_MCA_rmaps_base_oversubscribe",
                                       "OMPI_MCA_hwloc_base_binding_policy", "OMPI_ALLOW_RUN_AS_ROOT",
                                       "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"};
  for (const auto& name : names) ::unsetenv(name.c_str());
  const std::size_t all = ::geteuid() == 0 ? 4 : 2;
  CHECK(openmpi::missing_settings().size() == all);
  ::setenv("OMPI_MCA_rmaps_base_oversubscribe", "0", 1);
  const auto settings = openmpi::missing_settings();
  ::unsetenv("OMPI_MCA_rmaps_base_oversubscribe");
  REQUIRE(settings.size() == all - 1);
  CHECK(settings.front() == std::pair<std::string, std::string>("OMPI_MCA_hwloc_base_binding_policy", "none"));
}
