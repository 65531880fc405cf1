#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/temporary_folder.hpp"
#include "workload/command/attempt.hpp"
#include "workload/workload.hpp"

using namespace assay;
using workload::command::AttemptRequest;
using workload::command::run_attempt;

namespace {

std::unique_ptr<workload::Workload> made(const std::string& toml) {
  Config config = Config::from_text("workload = \"command\"\n" + toml, "t.toml");
  auto workload = workload::make(config);
  config.reject_unknown();
  return workload;
}

plan::Outcome outcome(const std::string& toml, const plan::Point& point = {}) {
  return engine::evaluate_task(*made(toml), {4, point, 77}, "serial", {});
}
std::string output(const std::string& toml, const plan::Point& point = {}) {
  const auto o = outcome(toml, point);
  INFO(o.message);
  REQUIRE(o.status == plan::Status::ok);
  return std::get<std::string>(o.observables.at(0).second);
}

const std::string kOutput = "[observables]\no = { output = true }\n";

}  // namespace

TEST_CASE("hostile values arrive as they are: as argument, standard input, variable and in a shell script") {
  const std::string hostile = "-n 'a' \"b\"\n;$(id)`id` {x} %s \xff\\";
  const plan::Point point{{"x", hostile}};
  const std::string parameter = "[parameters]\nx = \"\"\n";
  CHECK(output(parameter + "[command]\nrun = [\"printf\", \"%s\", \"{x}\"]\n" + kOutput, point) == hostile);
  CHECK(output(parameter + "[command]\nrun = [\"cat\"]\nstdin = \"{x}\"\n" + kOutput, point) == hostile);
  CHECK(output(parameter + "[command]\nrun = [\"printenv\", \"V\"]\nenvironment = { V = \"{x}\" }\n" + kOutput,
               point) == hostile);
  CHECK(output(parameter + "[command]\nshell = 'printf %s \"$x\"'\n" + kOutput, point) == hostile);
}

TEST_CASE("index, seed, folder and formats are fields; the working directory is that of the config") {
  CHECK(output("[command]\nrun = [\"echo\", \"{index}\", \"{seed}\"]\n" + kOutput) == "4 77");
  CHECK(output("[command]\nrun = [\"pwd\"]\ndirectory = \"/\"\n" + kOutput) == "/");
  CHECK(output("[parameters]\nn = 7\n[command]\nrun = [\"echo\", \"run{n:03}\"]\n" + kOutput) == "run007");
  CHECK_FALSE(made("[command]\nrun = [\"echo\", \"{index}\"]\n")->repeatable());
  CHECK(made("[command]\nrun = [\"echo\"]\n")->repeatable());
}

TEST_CASE("a program that fails, is killed or gives no result is a failed task that says what was there") {
  const auto code = outcome("[command]\nshell = 'echo first >&2; echo cannot converge >&2; exit 3'\n");
  CHECK(code.status == plan::Status::failed);
  CHECK(code.message == "exit status 3: cannot converge");
  CHECK(outcome("[command]\nshell = 'kill -11 $$'\n").message ==
        "ended by signal 11 (Segmentation fault), and it printed nothing");
  const auto missing =
      outcome("[command]\nrun = [\"echo\", \"hello\"]\n[observables]\nq = { regex = 'q=(.*)' }\n");
  CHECK(missing.status == plan::Status::failed);
  CHECK_THAT(missing.message, Catch::Contains("no observable \"q\"") && Catch::Contains("hello"));
  CHECK(missing.observables.empty());
  CHECK_THAT(outcome("[command]\nrun = [\"no-such-program-at-all\"]\n").message,
             Catch::Contains("cannot find the program"));
  CHECK_THROWS_AS(made("[command]\nrun = [\"no-such-program-at-all\"]\n")->check_ready(), EnvironmentError);
  const auto accepted =
      outcome("[command]\nshell = 'exit 3'\naccept = [0, 3]\n[observables]\nc = { exit_code = true }\n");
  CHECK(accepted.status == plan::Status::ok);
  CHECK(std::get<double>(accepted.observables.at(0).second) == 3.0);
}

TEST_CASE("an observable can come from stderr and from a file that the command wrote") {
  const test::TemporaryFolder folder;
  const std::string directory = "directory = \"" + folder.path().string() + "\"\n";
  const auto o = outcome(
      "[parameters]\nx = 2\n[command]\nshell = 'echo warn=5 >&2; echo \"{\\\"y\\\": $x}\" > r$x.json'\n" +
      directory +
      "[observables]\ny = { json = \"/y\", from = \"r{x}.json\" }\n"
      "w = { regex = 'warn=(.)', from = \"stderr\" }\n");
  INFO(o.message);
  REQUIRE(o.status == plan::Status::ok);
  CHECK(std::get<double>(o.observables.at(0).second) == 2.0);
  CHECK(std::get<double>(o.observables.at(1).second) == 5.0);
  const auto none = outcome("[command]\nrun = [\"true\"]\n" + directory +
                            "[observables]\ny = { json = \"/y\", from = \"none.json\" }\n");
  CHECK(none.message == "the command wrote no file none.json");
}

TEST_CASE("a parameter that the command never sees is an error, and so is a field in a shell script") {
  CHECK_THROWS_WITH(made("[parameters]\nx = 1\n[command]\nrun = [\"echo\"]\n"),
                    Catch::Contains("is used nowhere"));
  CHECK_THROWS_WITH(made("[parameters]\nx = 1\n[command]\nshell = 'echo $xy'\n"),
                    Catch::Contains("is used nowhere"));
  CHECK_THROWS_WITH(made("[parameters]\nx = 1\n[command]\nshell = 'echo {x}'\n"),
                    Catch::Contains("stands in a shell script"));
  CHECK_THROWS_WITH(made("[parameters]\nindex = 1\n[command]\nrun = [\"echo\"]\n"),
                    Catch::Contains("cannot name a parameter"));
  CHECK_THROWS_WITH(made(""), Catch::Contains("no command"));
}

TEST_CASE("the resolved config makes the same workload again") {
  const auto first = made(
      "[parameters]\nx = 1.5\nm = \"a\"\n[command]\nrun = [\"sim\", \"{x:.2f}\", \"{m}\"]\nstdin = "
      "\"go\"\naccept = [0, 2]\n"
      "environment = { A = \"{x}\" }\n[observables]\ny = { csv = \"c\", row = 2, unit = \"m\", class = "
      "\"relative\" }\n"
      "t = { wall = true }\n");
  Json resolved = first->config();
  resolved["workload"] = "command";
  Config again = Config::from_json_text(to_text(resolved), "resolved.json");
  const auto second = workload::make(again);
  again.reject_unknown();
  CHECK(to_text(second->config()) == to_text(first->config()));
}

TEST_CASE("output without end is bounded: the beginning and the end are kept, and the count") {
  AttemptRequest request{.child = {.program = "/bin/sh",
                                   .arguments = {"sh", "-c", "echo first; yes | head -c 50000000; echo last"}},
                         .output_part = 4096};
  const auto result = run_attempt(request);
  CHECK(result.out.bytes() == 50000000 + 6 + 5);
  CHECK_FALSE(result.out.whole());
  CHECK(result.out.head().substr(0, 6) == "first\n");
  CHECK(result.out.tail().substr(result.out.tail().size() - 5) == "last\n");
  CHECK(result.out.text().size() < 3 * 4096);
}

TEST_CASE("a limit of time ends the whole group, also one that ignores the polite signal") {
  AttemptRequest request{.child = {.program = "/bin/sh",
                                   .arguments = {"sh", "-c", "trap '' TERM; sleep 600 & sleep 600; sleep 600"}},
                         .output_part = 1024,
                         .seconds = 0.2};
  const auto result = run_attempt(request);
  CHECK(result.timed_out);
  CHECK(result.end.signal == SIGKILL);
}

TEST_CASE("a failure of a chosen cause is tried again, every try is recorded, another cause is not") {
  const test::TemporaryFolder folder;
  const auto workload =
      made("[command]\nshell = 'echo x >> n; echo try >&2; [ $(wc -l < n) -ge 3 ]'\ndirectory = \"" +
           folder.path().string() + "\"\n");
  workload::Surroundings around;
  around.limits = {.retries = 4, .retry_on = {"exit"}, .backoff_seconds = 0.01};
  const auto o = workload->bind(around)->evaluate({}, {});
  CHECK(o.status == plan::Status::ok);
  CHECK(o.attempts == 3);
  CHECK(o.message.empty());
  REQUIRE(o.log.size() == 3);
  CHECK(o.log[0].cause == "exit");
  CHECK(o.log[0].err == "try\n");
  CHECK(o.log[2].cause == "ok");
  std::filesystem::remove(folder.path() / "n");
  around.limits.retry_on = {"signal", "timeout"};
  const auto once = workload->bind(around)->evaluate({}, {});
  CHECK(once.status == plan::Status::failed);
  CHECK(once.attempts == 1);
}

TEST_CASE("a task that takes too long is a timeout, one that dies a signal, one without its value an output") {
  workload::Surroundings around;
  around.limits.task_seconds = 0.1;
  const auto cause = [&](const std::string& toml) {
    const auto o = made(toml)->bind(around)->evaluate({}, {});
    CHECK(o.status == plan::Status::failed);
    return o.log.at(0).cause;
  };
  CHECK(cause("[command]\nrun = [\"sleep\", \"600\"]\n") == "timeout");
  CHECK(cause("[command]\nshell = 'kill -9 $$'\n") == "signal");
  CHECK(cause("[command]\nrun = [\"true\"]\n[observables]\ny = { regex = 'y' }\n") == "output");
  CHECK(cause("[command]\nrun = [\"{config_folder}\"]\n") == "start");
}

TEST_CASE("a limit of memory is the task's, not ours") {
  workload::Surroundings around;
  around.limits.memory_bytes = 64U << 20U;
  const auto o = made("[command]\nshell = 'ulimit -v'\n")->bind(around)->evaluate({}, {});
  CHECK(std::get<double>(o.observables.at(0).second) == 65536.0);
}

TEST_CASE("memory that is not to be had is a failure of its own") {
  const auto failure = [](const std::string& shell, std::uint64_t address_mib, std::uint64_t resident_mib,
                          std::uint64_t group_mib = 0) {
    workload::Surroundings around;
    around.limits.memory_bytes = address_mib << 20U;
    around.limits.resident_bytes = resident_mib << 20U;
    around.limits.group_bytes = group_mib << 20U;
    const auto o = made("[command]\nshell = '" + shell + "'\n")->bind(around)->evaluate({}, {});
    return std::pair(o.log.at(0).cause, o.message);
  };
  const std::string large = "dd if=/dev/zero of=/dev/null bs=192M count=100000 status=none";
  const auto refused = failure(large, 128, 0);
  CHECK(refused.first == "memory");
  CHECK_THAT(refused.second,
             Catch::Contains("exit status 1, out of memory: ") && Catch::Contains("memory exhausted"));
  // The process that is large is one that the program has started.
  const auto killed = failure(large + " & wait", 0, 128);
  CHECK(killed.first == "memory");
  CHECK_THAT(killed.second, Catch::Matches("out of memory: [0-9]+ MiB resident, and 128 MiB are allowed.*"));
  // By the kernel where a control group can be made, else looked at in the same way.
  const auto grouped = failure(large, 0, 0, 128);
  CHECK(grouped.first == "memory");
  CHECK_THAT(grouped.second, Catch::Contains("128 MiB"));
  CHECK(failure("echo 1", 0, 0, 128).first == "ok");
  CHECK(failure("exit 3", 4096, 4096).first == "exit");
  CHECK(failure("echo 1", 4096, 4096).first == "ok");
}

TEST_CASE("a stop request ends a running program, and the task counts as not run") {
  std::stop_source stop;
  const auto sleeping = made("[command]\nrun = [\"sleep\", \"600\"]\n");
  std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  CHECK(sleeping->evaluate({}, stop.get_token()).status == plan::Status::skipped);
}
