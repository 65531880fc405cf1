// SPDX-License-Identifier: MIT
#include "cluster/frame.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "cluster/message.hpp"

using namespace assay;
using namespace assay::cluster;

TEST_CASE("a frame reads as its page says, and comes back whatever its bytes and however it is cut") {
  CHECK(encoded({"batch", "0-63,70"}).substr(0, 15) == "assay/1 batch 7");
  const std::vector<Frame> frames = {
      {"beat", ""}, {"batch", "0-63"}, {"results", std::string("\0\n\xff assay/1 beat 0 0\n", 22)}};
  std::string bytes;
  for (const auto& frame : frames) bytes += encoded(frame);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, bytes.size()}) {
    FrameReader reader;
    std::vector<Frame> got;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      reader.add(std::string_view(bytes).substr(at, piece));
      while (auto frame = reader.next()) got.push_back(*frame);
    }
    REQUIRE(got.size() == frames.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      CHECK(got[i].kind == frames[i].kind);
      CHECK(got[i].payload == frames[i].payload);
    }
    CHECK(reader.empty());
  }
}

TEST_CASE("every changed byte of a frame is noticed, or the frame waits for more") {
  const std::string good = encoded({"batch", "0-63,70"});
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char other : {'\0', 'x', '7', ' ', '\n', '\xff'}) {
      std::string bytes = good;
      if (bytes[at] == other) continue;
      bytes[at] = other;
      FrameReader reader;
      reader.add(bytes);
      try {
        const auto frame = reader.next();
        // A longer length waits; a changed kind is another kind, which nobody knows.
        if (frame) CHECK(frame->kind != "batch");
      } catch (const ProtocolError&) {
      }
    }
  }
}

TEST_CASE("what is no frame says what it is") {
  const auto message_of = [](const std::string& bytes) {
    FrameReader reader;
    reader.add(bytes);
    try {
      reader.next();
    } catch (const ProtocolError& e) {
      return std::string(e.what());
    }
    return std::string("nothing");
  };
  CHECK(message_of("bash: assay: command not found\n") ==
        "expected a frame that begins with assay/1, found \"bash: assay: command not found\"");
  CHECK(message_of("assay/2 beat 0 00000000\n\n") == "it speaks version 2 of the protocol, and this assay 1");
  CHECK(message_of("assay/1 beat 99999999999 00000000\n").find("expected kind, bytes") == 0);
  CHECK(message_of("assay/1 beat 1 00000000\nx\n").find("checksum") != std::string::npos);
}

TEST_CASE("messages come back as they were") {
  const Hello hello{.tool = "0.1", .host = "n\"1", .process = 7, .slots = 3, .label = "12_4"};
  const Hello got = parse_hello(hello_frame(hello));
  CHECK(got.host == hello.host);
  CHECK(got.slots == 3);
  CHECK(got.label == "12_4");
  const auto [order, beat] =
      parse_study(study_frame({.config = "{\"a\":1}", .config_sha256 = "d", .tasks = 9}, 2.5));
  CHECK(order.config == "{\"a\":1}");
  CHECK(order.tasks == 9);
  CHECK(beat == 2.5);
  CHECK(spans_text({{0, 63}, {70, 70}}) == "0-63,70");
  CHECK(parse_spans("0-63,70") == std::vector<Span>{{0, 63}, {70, 70}});
  for (const char* bad : {"x", "1-", "-1", "5-4", "1,,2", "1-2-3", " 1"})
    CHECK_THROWS_AS(parse_spans(bad), ProtocolError);
  CHECK_THROWS_AS(parse_hello({"hello", "{}"}), ProtocolError);
  CHECK_THROWS_AS(parse_hello({"hello", "no json"}), ProtocolError);
}

TEST_CASE("results keep every bit, and the tries of programs travel with them") {
  ResultsWriter writer;
  plan::Outcome a{
      .status = plan::Status::ok,
      .observables = {
          {"x", 0.1}, {"nan", std::numeric_limits<double>::quiet_NaN()}, {"t", std::string("a\nb")}}};
  plan::Outcome b{.status = plan::Status::failed, .message = "line\nline", .attempts = 2};
  b.log = {{.cause = "exit", .exit_code = 3, .out = std::string("\0\n\xff", 3), .out_bytes = 3},
           {.cause = "timeout", .err = "late", .err_bytes = 4}};
  writer.add(4, a);
  writer.add(9, b);
  const Frame frame = writer.take();
  CHECK(writer.empty());
  std::vector<std::pair<std::size_t, plan::Outcome>> got;
  parse_results(frame, [&](std::size_t task, plan::Outcome o) { got.emplace_back(task, std::move(o)); });
  REQUIRE(got.size() == 2);
  CHECK(got[0].first == 4);
  CHECK(std::get<double>(got[0].second.observables[0].second) == 0.1);
  CHECK(std::get<std::string>(got[0].second.observables[2].second) == "a\nb");
  CHECK(got[1].second.message == "line\nline");
  CHECK(got[1].second.attempts == 2);
  REQUIRE(got[1].second.log.size() == 2);
  CHECK(got[1].second.log[0].out == std::string("\0\n\xff", 3));
  CHECK(got[1].second.log[1].cause == "timeout");
  for (std::size_t cut = 0; cut + 1 < frame.payload.size(); cut += 3) {
    std::size_t used = 0;
    try {
      parse_results({"results", frame.payload.substr(0, cut)}, [&](std::size_t, plan::Outcome) { ++used; });
    } catch (const ProtocolError&) {
      CHECK(used == 0);
    }
  }
}
