// SPDX-License-Identifier: MIT
#include "cluster/ranks.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <vector>

#include "core/version.hpp"

using namespace assay;
using namespace assay::cluster;

namespace {

/// What rank 0 gets is put in by the test, and what it sends is kept.
struct TestRanks final : Ranks {
  int count = 3;
  std::deque<std::pair<int, std::string>> incoming;
  std::vector<std::pair<int, std::string>> sent;  ///< rank and kind
  [[nodiscard]] int rank() const override { return 0; }
  [[nodiscard]] int size() const override { return count; }
  void send(int to, std::string bytes) override {
    FrameReader reader;
    reader.add(bytes);
    sent.emplace_back(to, reader.next().value().kind);
  }
  std::optional<std::pair<int, std::string>> receive() override {
    if (incoming.empty()) return std::nullopt;
    auto first = incoming.front();
    incoming.pop_front();
    return first;
  }
  void say(int rank, const Frame& frame) { incoming.emplace_back(rank, encoded(frame)); }
};

Frame hello() {
  return hello_frame({.tool = std::string(version()), .host = "elsewhere", .process = 1});
}
Frame result(std::size_t task, double y) {
  ResultsWriter writer;
  writer.add(task, {.status = plan::Status::ok, .observables = {{"y", y}}});
  return writer.take();
}

/// A study of four tasks that goes out one by one.
struct TestStudy {
  std::vector<double> outcomes = std::vector<double>(4, -1.0);
  Manager manager;
  explicit TestStudy(RankTransport& transport)
      : manager({.config_sha256 = "d", .tasks = 4}, {4, [](std::size_t i) { return i; }}, {.batch_size = 4},
                transport, [this](std::size_t task, plan::Outcome o) {
                  outcomes.at(task) = std::get<double>(o.observables[0].second);
                }) {
    transport.attach(manager);
  }
};

}  // namespace

TEST_CASE("ranks serve one study after the other, and what they said to the last one does not reach the next") {
  TestRanks ranks;
  RankTransport transport(ranks);
  {
    TestStudy first(transport);
    ranks.say(1, hello());
    ranks.say(1, ready_frame({"d", ""}));
    transport.pump(first.manager, 0.01);
    CHECK(ranks.sent == std::vector<std::pair<int, std::string>>{{1, "study"}, {1, "batch"}});
    for (std::size_t i = 0; i < 4; ++i) ranks.say(1, result(i, 1.0));
    transport.pump(first.manager, 0.01);
    REQUIRE(first.manager.finished());
    first.manager.release();
  }
  TestStudy second(transport);
  ranks.sent.clear();
  ranks.say(1, result(2, 1.0));  // sent before the release came
  ranks.say(1, text_frame(kind::beat, ""));
  ranks.say(2, result(3, 1.0));  // of a rank that nobody has heard before
  transport.pump(second.manager, 0.01);
  CHECK(second.manager.open_tasks() == 4);
  CHECK(ranks.sent.empty());
  ranks.say(1, hello());
  ranks.say(1, ready_frame({"d", ""}));
  for (std::size_t i = 0; i < 4; ++i) ranks.say(1, result(i, 2.0));
  transport.pump(second.manager, 0.01);
  CHECK(second.manager.finished());
  CHECK(second.outcomes == std::vector<double>(4, 2.0));
}

TEST_CASE("a rank that waits already gets the next study at once") {
  TestRanks ranks;
  RankTransport transport(ranks);
  {
    TestStudy first(transport);
    ranks.say(1, hello());
    transport.pump(first.manager, 0.01);
  }
  ranks.sent.clear();
  TestStudy second(transport);
  CHECK(ranks.sent == std::vector<std::pair<int, std::string>>{{1, "study"}});
}

TEST_CASE("a rank that sends what is no frame is lost, and the end does not wait for it") {
  TestRanks ranks;
  RankTransport transport(ranks);
  TestStudy study(transport);
  ranks.say(1, hello());
  ranks.say(1, ready_frame({"d", ""}));
  ranks.incoming.emplace_back(1, "assay/1 results 5 00000000\n");
  transport.pump(study.manager, 0.01);
  CHECK(study.manager.counts().lost == 1);
  CHECK_FALSE(transport.broken());
  transport.note_losses(study.manager.counts());
  CHECK(transport.broken());
}

TEST_CASE("a worker's channel hands over whole messages, and returns when it is woken or its time is over") {
  TestRanks ranks;
  RankChannel channel(ranks);
  CHECK_FALSE(channel.receive(0.001));
  ranks.say(0, text_frame(kind::batch, "0-3"));
  CHECK(channel.receive(60.0).value().payload == "0-3");
  channel.wake();
  CHECK_FALSE(channel.receive(60.0));
  ranks.incoming.emplace_back(0, "nonsense");
  CHECK_THROWS_AS(channel.receive(60.0), ProtocolError);
}
