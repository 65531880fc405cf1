#include "core/interrupt.hpp"

#include <catch2/catch.hpp>
#include <chrono>

using namespace assay;

namespace {

bool stops_within_seconds(const std::stop_token& token) {
  for (int i = 0; i < 1000 && !token.stop_requested(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return token.stop_requested();
}

}  // namespace

TEST_CASE("a signal is a stop request, whichever thread the kernel gives it to") {
  // A thread of a library, started before anybody could block a signal in it.
  std::jthread foreign([](const std::stop_token& over) {
    while (!over.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  });
  {
    const InterruptGuard guard;
    CHECK_FALSE(guard.token().stop_requested());
    ::pthread_kill(foreign.native_handle(), SIGTERM);
    CHECK(stops_within_seconds(guard.token()));
    CHECK(guard.signal() == SIGTERM);
  }
  const InterruptGuard again;
  CHECK(again.signal() == 0);
  ::raise(SIGINT);
  CHECK(stops_within_seconds(again.token()));
  CHECK(again.signal() == SIGINT);
}

TEST_CASE("a signal that was ignored before stays ignored, and the handlers are put back") {
  const auto before = ::signal(SIGINT, SIG_IGN);
  {
    const InterruptGuard guard;
    ::raise(SIGINT);
    ::raise(SIGTERM);
    CHECK(stops_within_seconds(guard.token()));
    CHECK(guard.signal() == SIGTERM);
  }
  CHECK(::signal(SIGINT, before) == SIG_IGN);
}
