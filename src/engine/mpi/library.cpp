// SPDX-License-Identifier: MIT
#include "engine/mpi/library.hpp"

#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <list>
#include <string_view>

#include "core/error.hpp"

namespace assay::engine::mpi {
namespace {

constexpr int kTag = 1;

/// Every MPI call goes through here and keeps its text.
void check(int status, const char* call) {
  if (status == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(status, text.data(), &length);
  throw EnvironmentError(std::string("MPI: ") + call + " failed: " + text.data());
}
#define ASSAY_MPI_CHECK(call) check((call), #call)

void clean_environment() {
  constexpr std::array<std::string_view, 12> kOurs{
      "OMPI_COMM_", "OMPI_UNIVERSE_", "OMPI_APP_",     "OMPI_FILE_",   "OMPI_ARGV",     "OMPI_COMMAND",
      "OMPI_NUM_",  "OMPI_FIRST_",    "OMPI_MCA_orte", "OMPI_MCA_ess", "OMPI_MCA_pmix", "PMI"};
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    for (const auto prefix : kOurs) {
      if (text.substr(0, prefix.size()) == prefix) names.emplace_back(text.substr(0, text.find('=')));
    }
  }
  for (const auto& name : names) ::unsetenv(name.c_str());
}

class OpenLibrary final : public Library {
 public:
  OpenLibrary(int& argc, char**& argv) {
    int provided = 0;
    ASSAY_MPI_CHECK(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided));
    if (provided < MPI_THREAD_FUNNELED) throw EnvironmentError("this MPI allows no threads beside its own");
    ASSAY_MPI_CHECK(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN));
    ASSAY_MPI_CHECK(MPI_Comm_rank(MPI_COMM_WORLD, &rank_));
    ASSAY_MPI_CHECK(MPI_Comm_size(MPI_COMM_WORLD, &size_));
    clean_environment();
  }
  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return size_; }

  void send(int to, std::string bytes) override {
    settle();
    pending_.push_back({std::move(bytes), MPI_REQUEST_NULL});
    Message& m = pending_.back();
    ASSAY_MPI_CHECK(MPI_Isend(m.bytes.data(), static_cast<int>(m.bytes.size()), MPI_BYTE, to, kTag,
                              MPI_COMM_WORLD, &m.request));
  }

  std::optional<std::pair<int, std::string>> receive() override {
    settle();
    int found = 0, bytes = 0;
    MPI_Message message = MPI_MESSAGE_NULL;
    MPI_Status status;
    ASSAY_MPI_CHECK(MPI_Improbe(MPI_ANY_SOURCE, kTag, MPI_COMM_WORLD, &found, &message, &status));
    if (found == 0) return std::nullopt;
    ASSAY_MPI_CHECK(MPI_Get_count(&status, MPI_BYTE, &bytes));
    std::string text(static_cast<std::size_t>(bytes), '\0');
    const int from = status.MPI_SOURCE;
    ASSAY_MPI_CHECK(MPI_Mrecv(text.data(), bytes, MPI_BYTE, &message, &status));
    return std::pair(from, std::move(text));
  }

  void finalize() override {
    while (!pending_.empty()) settle();
    ASSAY_MPI_CHECK(MPI_Finalize());
  }

 private:
  struct Message {
    std::string bytes;
    MPI_Request request;
  };
  /// Lets go of what has been sent. A message to a dead rank may never be: it stays, and costs its bytes.
  void settle() {
    for (auto it = pending_.begin(); it != pending_.end();) {
      int done = 0;
      ASSAY_MPI_CHECK(MPI_Test(&it->request, &done, MPI_STATUS_IGNORE));
      it = done != 0 ? pending_.erase(it) : std::next(it);
    }
  }
  int rank_ = 0, size_ = 1;
  std::list<Message> pending_;
};

}  // namespace

std::unique_ptr<Library> begin(int& argc, char**& argv) {
  return std::make_unique<OpenLibrary>(argc, argv);
}

}  // namespace assay::engine::mpi
