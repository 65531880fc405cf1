// What the frames hold. Worker and manager agree on a study by the digest of its resolved config before a task
// is given out; from then on a task is its index, and a result is the record that the journal keeps.
// SPDX-License-Identifier: MIT
//
//   worker                      manager
//   hello  who I am         ->
//                           <-  study    resolved config, digest, limits, heartbeat
//   ready  my digests       ->           (or `refuse` with the reason)
//                           <-  batch    task indices
//   results                 ->
//   beat                    ->  beat     where an end of the other would not be noticed otherwise
//                           <-  drop     what you hold and have not begun: you were silent, others have it now
//                           <-  release  this study is done, the next may come
//                           <-  stop     finish | end
//   bye    what I give back ->
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cluster/frame.hpp"
#include "core/json.hpp"
#include "plan/task.hpp"

namespace assay::cluster {

namespace kind {
inline constexpr std::string_view hello = "hello", study = "study", ready = "ready", refuse = "refuse",
                                  batch = "batch", drop = "drop", results = "results", beat = "beat",
                                  release = "release", stop = "stop", bye = "bye";
}  // namespace kind

/// How a worker ends: `finish` what runs, or `end` it (it counts as not done).
inline constexpr std::string_view kFinish = "finish", kEnd = "end";

/// What a worker says first.
struct Hello {
  std::string tool;  ///< version of assay: another one's numbers may differ, so it is refused
  std::string host;
  int process = 0;
  int slots = 1;      ///< tasks at a time
  std::string label;  ///< what a scheduler calls it (job and array index); empty: nothing
};

/// What a worker needs to run the tasks of a study.
struct WorkOrder {
  std::string config;         ///< JSON text of the resolved config
  std::string config_sha256;  ///< of its canonical text: the worker must come to the same
  std::string identity;       ///< canonical text of what all tasks depend on besides; empty: nothing
  std::string limits;         ///< JSON text; the run layer writes and reads it
  std::string config_folder;  ///< where relative paths in the config start
  std::string folder;         ///< of the run: task folders are made in it; empty: a temporary one a worker
  std::size_t tasks = 0;      ///< in the study, selected or not
};

/// A worker's answer to a study.
struct Ready {
  std::string config_sha256;
  std::string identity;
};

Frame hello_frame(const Hello& hello);
Frame study_frame(const WorkOrder& order, double beat_seconds);
Frame ready_frame(const Ready& ready);
Frame text_frame(std::string_view kind, std::string text);

/// ProtocolError for a payload of another form.
Hello parse_hello(const Frame& frame);
std::pair<WorkOrder, double> parse_study(const Frame& frame);
Ready parse_ready(const Frame& frame);

/// First and last task of a run of indices.
using Span = std::pair<std::size_t, std::size_t>;
/// "0-63,70"
std::string spans_text(const std::vector<Span>& spans);
std::vector<Span> parse_spans(std::string_view text);

/// Results on their way: records of the journal, then the tries of external programs as the run's record of
/// attempts has them.
class ResultsWriter {
 public:
  void add(std::size_t index, const plan::Outcome& outcome);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t bytes() const { return lines_.size() + attempts_.size(); }
  Frame take();  ///< what was added since the last time

 private:
  std::size_t count_ = 0;
  std::string lines_, attempts_;
};
/// ProtocolError when the payload is damaged or holds no results; nothing was used then.
void parse_results(const Frame& frame, const std::function<void(std::size_t, plan::Outcome)>& use);

}  // namespace assay::cluster
