// SPDX-License-Identifier: MIT
#include "cluster/manager.hpp"

#include <catch2/catch.hpp>
#include <iostream>
#include <memory>
#include <random>

#include "simulation.hpp"

using namespace assay;
using cluster::Settings;
using test::Simulation;

namespace {

void require_each_once(const Simulation& s) {
  for (std::size_t i = 0; i < s.answers.size(); ++i) {
    INFO("task " << i);
    REQUIRE(s.answers[i] == 1);
  }
}

std::size_t given_to(const Simulation& s, int worker) {
  std::size_t count = 0;
  for (const auto& [first, last] : s.workers_.at(worker).given) count += last - first + 1;
  return count;
}

}  // namespace

TEST_CASE("every task goes out and comes back once, and nobody is sent away before") {
  Simulation s(1000, {.silence_seconds = 10});
  for (int w = 1; w <= 3; ++w) s.join(w);
  s.run();
  REQUIRE(s.manager().finished());
  require_each_once(s);
  CHECK(s.manager().counts().requeued == 0);
  for (int w = 1; w <= 3; ++w) {
    CHECK(given_to(s, w) > 200);
    CHECK(s.workers_.at(w).messages.count("stop") == 0);
  }
  s.manager().release();
  for (int w = 1; w <= 3; ++w) CHECK(s.workers_.at(w).messages.at("release") == 1);
}

TEST_CASE("the tasks of a worker that ends go to the others, and it does not count as their try") {
  Simulation s(300, {.silence_seconds = 10});
  for (int w = 1; w <= 3; ++w) s.join(w);
  s.at(0.5, [&] { s.kill(2); });
  s.run();
  require_each_once(s);
  CHECK(s.manager().counts().lost == 1);
  CHECK(s.manager().counts().requeued > 0);
  for (const auto& outcome : s.outcomes) CHECK(outcome.attempts == 1);
  REQUIRE(s.manager().troubles().size() == 1);
  CHECK(s.manager().troubles().front() == "worker 2 (process 0 on node2) was lost: killed by the test");
}

TEST_CASE("a worker that falls silent is written off, and an idle one that waited takes over") {
  Simulation s(2, {.silence_seconds = 10, .batch_size = 1}, 1.0);
  s.join(1);
  s.join(2);
  s.at(0.5, [&] { s.vanish(1); });
  s.run();
  require_each_once(s);
  CHECK(given_to(s, 2) == 2);
  CHECK(s.now() > 10.0);
  CHECK(s.manager().troubles().front().find("no word for 1") != std::string::npos);
}

TEST_CASE("a frozen worker's answer is taken while its task is open, and it works on") {
  Simulation s(4, {.silence_seconds = 10, .batch_size = 1}, 5.0);
  s.join(1);
  s.join(2);
  s.at(1.0, [&] { s.freeze(1); });
  s.at(16.0, [&] { s.thaw(1); });  // written off at about 11 s; the other is at its task since 15 s
  s.run();
  require_each_once(s);
  CHECK(s.now() < 20.0);
  CHECK(s.manager().counts().lost == 1);
  CHECK(s.manager().ready() == 2);  // it is as good as before
  CHECK(s.workers_.at(1).messages.at("drop") == 1);
}

TEST_CASE("a late answer of a task that is done is counted and dropped") {
  Simulation s(3, {.silence_seconds = 10, .batch_size = 1}, 5.0);
  s.join(1);
  s.join(2);
  s.at(1.0, [&] { s.freeze(1); });
  s.run(24.0);  // the other has done two, and the frozen one's by now
  REQUIRE(s.manager().finished());
  s.thaw(1);
  require_each_once(s);
  CHECK(s.manager().counts().late == 1);
}

TEST_CASE("a task that ends its worker again and again has failed; those beside it have not") {
  Simulation s(200, {.silence_seconds = 10, .losses_allowed = 2, .engine = "e"});
  s.poison(57);
  s.poison(130);
  int next = 1;
  for (; next <= 3; ++next) s.join(next);
  std::function<void()> replace = [&] {  // as the pool does
    while (s.manager().alive() < 3) s.join(next++);
    s.at(s.now() + 0.05, replace);
  };
  s.at(0.05, replace);
  s.run(1000.0);
  REQUIRE(s.manager().finished());
  require_each_once(s);
  for (std::size_t i = 0; i < 200; ++i) {
    const bool poisoned = i == 57 || i == 130;
    INFO("task " << i << ": " << s.outcomes[i].message);
    CHECK((s.outcomes[i].status == plan::Status::failed) == poisoned);
  }
  CHECK(s.outcomes[57].message.find("was lost (2 times)") != std::string::npos);
  CHECK(s.outcomes[57].engine == "e");
  CHECK(s.manager().counts().given_up == 2);
}

TEST_CASE("a worker of another version, config or other programs gets no task") {
  Simulation s(10, {.silence_seconds = 10});
  s.join(1, {.tool = "0.0.1"});
  s.join(2, {}, {"another", "same"});
  s.join(3, {}, {"digest", "other programs"});
  s.run(5.0);
  CHECK(s.manager().counts().refused == 3);
  CHECK(s.manager().alive() == 0);
  CHECK(s.manager().open_tasks() == 10);
  for (int w = 1; w <= 3; ++w) {
    CHECK(given_to(s, w) == 0);
    CHECK(s.workers_.at(w).dismissed);
    CHECK(s.workers_.at(w).messages.at("stop") == 1);
  }
  CHECK(s.manager().troubles().at(0).find("it is assay 0.0.1") != std::string::npos);
  CHECK(s.manager().troubles().at(1).find("another config") != std::string::npos);
  CHECK(s.manager().troubles().at(2).find("programs or input files are not the same") != std::string::npos);
  s.join(4);
  s.run();
  require_each_once(s);
}

TEST_CASE("a worker that is slow to be ready is not lost for it, and is welcome when it was") {
  Simulation s(4, {.silence_seconds = 1, .joining_seconds = 20}, 0.5);
  s.slow_to_make_a_study(1, 15.0);
  s.slow_to_make_a_study(2, 40.0);
  s.join(1);
  s.at(10.0, [&] { s.join(2); });
  s.run();
  require_each_once(s);
  CHECK(s.manager().counts().lost == 0);
  CHECK(s.now() > 15.0);
  Simulation late(4, {.silence_seconds = 1, .joining_seconds = 20}, 0.5);
  late.slow_to_make_a_study(1, 40.0);
  late.join(1);
  late.run();
  require_each_once(late);
  CHECK(late.manager().counts().lost == 1);
}

TEST_CASE("a worker that sends what is no message is written off, and its damaged results count for nothing") {
  Simulation s(10, {.silence_seconds = 10, .batch_size = 5}, 1.0);
  s.join(1);
  s.join(2);
  s.at(0.5, [&] {
    s.manager().received(1, {"results", "2\n0 ok - e 0.0 0.0 0 1 {}\n1 ok - e 0."}, s.now());
    s.vanish(1);
  });
  s.run();
  require_each_once(s);
  CHECK(s.manager().counts().lost == 1);
  for (const auto& outcome : s.outcomes) CHECK(outcome.observables.size() == 1);
}

TEST_CASE("a worker that says goodbye hands its tasks back, and none of them counts as lost") {
  Simulation s(100, {.silence_seconds = 10, .batch_size = 10}, 1.0);
  s.join(1);
  s.join(2);
  s.at(2.5, [&] {
    s.manager().received(1, cluster::text_frame(cluster::kind::bye, "its time is over"), s.now());
    s.vanish(1);
  });
  s.run();
  require_each_once(s);
  CHECK(s.manager().counts().lost == 0);
  CHECK(s.manager().counts().left == 1);
  CHECK(s.manager().counts().handed_back == 10);
}

TEST_CASE("fixed batching cuts one contiguous share for each expected worker, and waits for them") {
  Simulation s(10, {.silence_seconds = 10, .fixed = true, .expected_workers = 3});
  for (int w = 1; w <= 3; ++w) s.join(w);
  s.run();
  require_each_once(s);
  std::vector<std::vector<cluster::Span>> given;
  for (int w = 1; w <= 3; ++w) given.push_back(s.workers_.at(w).given);
  CHECK(given == std::vector<std::vector<cluster::Span>>{{{0, 3}}, {{4, 7}}, {{8, 9}}});
}

TEST_CASE("fixed batching does not wait for a worker that will not come, and a lost share is done by others") {
  Simulation s(12, {.silence_seconds = 10, .fixed = true, .expected_workers = 3}, 1.0);
  for (int w = 1; w <= 3; ++w) s.join(w, w == 2 ? cluster::Hello{.tool = "0.0.1"} : cluster::Hello{});
  s.at(2.0, [&] { s.kill(3); });
  s.run();
  require_each_once(s);
}

TEST_CASE("after a stop nothing more goes out, and the run is over when every worker has left") {
  Simulation s(1000, {.silence_seconds = 10, .batch_size = 2}, 1.0);
  for (int w = 1; w <= 3; ++w) s.join(w);
  s.at(3.5, [&] { s.manager().stop(cluster::kFinish, s.now()); });
  s.run();
  CHECK(s.manager().finished());
  CHECK(s.manager().open_tasks() > 900);
  CHECK(s.manager().alive() == 0);
}

TEST_CASE("whatever dies, freezes, thaws and joins, each task has one outcome in the end") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::size_t tasks = 50 + random() % 400;
    Simulation s(
        tasks,
        {.silence_seconds = 2, .fixed = random() % 4 == 0, .expected_workers = 4, .losses_allowed = 1000},
        0.02);
    int next = 1;
    for (; next <= 4; ++next) s.join(next);
    std::function<void()> strike = [&] {
      const int victim = 1 + static_cast<int>(random() % static_cast<unsigned>(next - 1));
      switch (random() % 5) {
        case 0: s.kill(victim); break;
        case 1: s.vanish(victim); break;
        case 2: s.freeze(victim); break;
        case 3: s.thaw(victim); break;
        default: break;
      }
      while (s.manager().alive() < 2) s.join(next++);
      s.at(s.now() + 0.05 + 0.01 * static_cast<double>(random() % 40), strike);
    };
    s.at(0.1, strike);
    s.run(1e5);
    REQUIRE(s.manager().finished());
    require_each_once(s);
    for (std::size_t i = 0; i < tasks; ++i) {
      REQUIRE(s.outcomes[i].status == plan::Status::ok);
      REQUIRE(std::get<double>(s.outcomes[i].observables.at(0).second) == static_cast<double>(i) / 7.0);
    }
  }
}

TEST_CASE("one manager serves ten thousand workers; the rate at which it saturates is printed") {
  constexpr int kWorkers = 10'000;
  constexpr std::size_t kTasks = 400'000;
  for (const double task_seconds : {1.0, 0.001}) {
    Simulation s(kTasks, {.silence_seconds = 60}, task_seconds);
    s.timed = true;
    for (int w = 1; w <= kWorkers; ++w) s.join(w);
    s.at(2.0 * task_seconds, [&] {
      for (int w = 1; w <= 100; ++w) s.kill(w);
    });
    s.run();
    REQUIRE(s.manager().finished());
    require_each_once(s);
    CHECK(s.manager().counts().lost == 100);
    const double seconds = s.seconds_in_manager;
    std::cout << "10000 workers, tasks of " << task_seconds
              << " s: " << static_cast<double>(s.manager().counts().messages) / seconds << " messages/s, "
              << static_cast<double>(kTasks) / seconds << " tasks/s in one manager\n";
  }
}
