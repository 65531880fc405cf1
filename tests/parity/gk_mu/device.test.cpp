// gk.linear on a device, without one: the whole path of the CUDA engine (resident tasks, streams, transfers,
// the team code) on an emulated device, against the serial engine.
#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "core/error.hpp"
#include "engine/cuda/emulated_stream.hpp"
#include "engine/cuda/resident.hpp"
#include "run/execute.hpp"
#include "workload/gk/device_batch.hpp"
#include "workload/gk/linear.hpp"

using namespace assay;
using namespace assay::engine::cuda;
using workload::gk::DirectOnDevice;
using workload::gk::emulated_launches;

namespace {

run::Study study_of(const std::string& more = "") {
  return run::Study::make(
      Config::from_text(
          "workload = \"gk.linear\"\n[velocity]\nnmu = 4\nnm = 8\n[grid]\nntheta = 12\nnperiod = 1\n" + more,
          "t"),
      {.axes = {"ky=0.2:0.5:4"}}, run::Scope::scan);
}

class Tasks final : public engine::TaskSource {
 public:
  explicit Tasks(const run::Study& study) : study_(study) {}
  [[nodiscard]] std::size_t size() const override { return study_.points().size(); }
  [[nodiscard]] plan::Task at(std::size_t i) const override { return study_.task(i); }

 private:
  const run::Study& study_;
};

/// What the streams of a run used, added up when they go.
struct Meter {
  std::atomic<std::size_t> peak{0}, left{0};
};

class MeteredStream final : public engine::DeviceStream {
 public:
  explicit MeteredStream(Meter& meter) : meter_(meter) {}
  ~MeteredStream() override {
    meter_.peak = std::max<std::size_t>(meter_.peak, stream_.peak());
    meter_.left += stream_.in_use();
  }
  void* allocate(std::size_t bytes) override { return stream_.allocate(bytes); }
  void release(void* memory) noexcept override { stream_.release(memory); }
  void upload(void* to, const void* from, std::size_t bytes) override { stream_.upload(to, from, bytes); }
  void download(void* to, const void* from, std::size_t bytes, std::size_t rows, std::size_t stride) override {
    stream_.download(to, from, bytes, rows, stride);
  }
  void check(int status, const char* launch) const override { stream_.check(status, launch); }
  [[nodiscard]] void* handle() const override { return nullptr; }

 private:
  EmulatedStream stream_;
  Meter& meter_;
};

std::unique_ptr<run::ResultStore> on_emulated_device(const run::Study& study, std::size_t resident,
                                                     Meter& meter) {
  auto store = run::memory_store(study.points().size());
  const DirectOnDevice batch(study.workload(), emulated_launches());
  run_resident(Tasks(study), batch, resident, [&meter] { return std::make_unique<MeteredStream>(meter); },
               "cuda", *store, {});
  return store;
}

double real(const plan::Outcome& o, const std::string& name) {
  for (const auto& [key, value] : o.observables) {
    if (key == name) return std::get<double>(value);
  }
  FAIL("no observable " << name);
  return 0.0;
}

void require_close(const run::Study& study) {
  const auto serial = run::memory_store(study.points().size());
  engine::get("serial").run(Tasks(study), study.workload(), *serial, {}, {});
  Meter meter;
  const auto device = on_emulated_device(study, 3, meter);
  for (std::size_t i = 0; i < study.points().size(); ++i) {
    const plan::Outcome a = serial->at(i), b = device->at(i);
    CAPTURE(i, a.message, b.message);
    REQUIRE(a.status == plan::Status::ok);
    REQUIRE(b.status == a.status);
    CHECK(b.engine == "cuda");
    CHECK(b.tier == "emulated");
    CHECK(std::abs(real(a, "gamma")) > 1e-3);
    for (const char* name : {"gamma", "omega", "kperp2_eff"})
      CHECK(std::abs(real(a, name) - real(b, name)) <= 1e-6 * std::abs(real(a, name)));
    CHECK(real(a, "unstable_modes") == real(b, "unstable_modes"));
  }
  CHECK(meter.left == 0);
  CHECK(meter.peak > 0);
  std::size_t planned = bytes_of_largest(Tasks(study), DirectOnDevice(study.workload(), emulated_launches()));
  CHECK(meter.peak <= planned);
}

}  // namespace

TEST_CASE("a scan on an emulated device equals the serial engine, within the memory that was planned") {
  require_close(study_of());
}

TEST_CASE("two kinetic species and a magnetic field go through the device as well") {
  require_close(
      study_of("[fields]\nbeta = 0.005\na_parallel = true\n[adiabatic]\ntau = 0.0\n[species.ion]\na_LT = "
               "3.0\n[species.electron]\n"
               "charge = -1.0\nmass = 2.7e-3\na_LT = 3.0\na_Ln = 1.0\n"));
}

TEST_CASE("results of a device do not depend on how many tasks are resident") {
  const run::Study study = study_of();
  Meter meter;
  const auto one = on_emulated_device(study, 1, meter), many = on_emulated_device(study, 7, meter);
  for (std::size_t i = 0; i < study.points().size(); ++i) {
    for (const char* name : {"gamma", "omega", "residual"}) {
      const double a = real(one->at(i), name), b = real(many->at(i), name);
      CHECK(std::memcmp(&a, &b, sizeof a) == 0);
    }
  }
}

namespace {
class BrokenStream final : public engine::DeviceStream {
 public:
  void* allocate(std::size_t) override { throw EnvironmentError("device memory is gone", "free the device"); }
  void release(void*) noexcept override {}
  void upload(void*, const void*, std::size_t) override {}
  void download(void*, const void*, std::size_t, std::size_t, std::size_t) override {}
  void check(int, const char*) const override {}
  [[nodiscard]] void* handle() const override { return nullptr; }
};
}  // namespace

TEST_CASE("a device that fails is said: by the run before it starts, by the task afterwards") {
  const run::Study study = study_of();
  const DirectOnDevice batch(study.workload(), emulated_launches());
  auto store = run::memory_store(study.points().size());
  run_resident(Tasks(study), batch, 2, [] { return std::make_unique<BrokenStream>(); }, "cuda", *store, {});
  CHECK(store->at(1).status == plan::Status::failed);
  CHECK(store->at(1).message.find("device memory is gone") != std::string::npos);
  const auto no_stream = []() -> std::unique_ptr<engine::DeviceStream> {
    throw EnvironmentError("no device", "");
  };
  CHECK_THROWS_AS(run_resident(Tasks(study), batch, 2, no_stream, "cuda", *store, {}), EnvironmentError);
}

TEST_CASE("a stop request leaves the other tasks undone") {
  const run::Study study = study_of();
  std::stop_source stop;
  stop.request_stop();
  auto store = run::memory_store(study.points().size());
  Meter meter;
  run_resident(
      Tasks(study), DirectOnDevice(study.workload(), emulated_launches()), 2,
      [&meter] { return std::make_unique<MeteredStream>(meter); }, "cuda", *store, stop.get_token());
  for (std::size_t i = 0; i < study.points().size(); ++i) CHECK_FALSE(store->has(i));
}

TEST_CASE("resident tasks are bounded by tasks, memory and threads") {
  CHECK(resident_tasks(100, 1000, 7) == 7);
  CHECK(resident_tasks(3, 1000, 7) == 3);
  CHECK(resident_tasks(100, 2, 7) == 2);
  CHECK(resident_tasks(0, 2, 7) == 1);
  CHECK(resident_tasks(1000, 1000, 0) >= 4);
}
