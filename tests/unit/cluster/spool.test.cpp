// SPDX-License-Identifier: MIT
#include "cluster/spool.hpp"

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using namespace assay::cluster;

TEST_CASE(
    "a box gives messages in the order in which they were put, each once, and none that is half written") {
  const test::TemporaryFolder folder;
  SpoolBox box(folder.path()), other(folder.path());
  CHECK_FALSE(other.take());
  for (int i = 0; i < 20; ++i) REQUIRE(box.put({"batch", std::to_string(i)}));
  test::spill(folder / "00000000000000000001.new", "assay/1 bat");
  for (int i = 0; i < 20; ++i) CHECK(other.take().value().payload == std::to_string(i));
  CHECK_FALSE(other.take());
  test::spill(folder / "00000000000000000002", "assay/1 beat 0 00000000\n");
  CHECK_THROWS_AS(other.take(), ProtocolError);
  CHECK_FALSE(other.take());  // what is no message is not met twice
  CHECK_FALSE(SpoolBox(folder / "gone").put({"beat", ""}));
}

TEST_CASE("a worker's folder is there whole while it lives, and its channel closes when somebody removes it") {
  const test::TemporaryFolder folder;
  {
    SpoolChannel channel(folder.path());
    REQUIRE(channel.receive(0.0) == std::nullopt);
    CHECK_FALSE(channel.closed());
    channel.wake();
    CHECK_FALSE(channel.receive(60.0));
    std::filesystem::remove_all(folder / "workers");
    CHECK_FALSE(channel.receive(0.0));
    CHECK(channel.closed());
    CHECK_FALSE(channel.send({"beat", ""}));
  }
  { const SpoolChannel channel(folder.path()); }
  CHECK(std::filesystem::is_empty(folder / "workers"));
}

TEST_CASE("a spool serves one manager at a time, and says when it has waited long enough for a worker") {
  const test::TemporaryFolder folder;
  const SpoolTransport first(folder.path(), 0.0);
  CHECK_THROWS_AS(SpoolTransport(folder.path(), 0.0), UserError);
  CHECK(first.exhausted());
  const test::TemporaryFolder other;
  CHECK_FALSE(SpoolTransport(other.path(), 3600.0).exhausted());
}
