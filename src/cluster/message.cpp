// SPDX-License-Identifier: MIT
#include "cluster/message.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "evidence/attempt_log.hpp"
#include "evidence/outcome_text.hpp"

namespace assay::cluster {
namespace {

/// What `read` makes of the payload; whatever it throws means that the payload is none.
template <class Read>
auto parsed(const Frame& frame, const Read& read) {
  try {
    return read(parse_json(frame.payload, "a message"));
  } catch (const std::exception& e) {
    throw ProtocolError("the message \"" + frame.kind + "\" cannot be read: " + e.what());
  }
}

bool parse_number(std::string_view text, std::size_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

std::string_view take_until(std::string_view& rest, char separator) {
  const auto end = std::min(rest.find(separator), rest.size());
  const auto piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return piece;
}

}  // namespace

Frame text_frame(std::string_view kind, std::string text) {
  return {std::string(kind), std::move(text)};
}

Frame hello_frame(const Hello& h) {
  const Json json = {
      {"tool", h.tool}, {"host", h.host}, {"process", h.process}, {"slots", h.slots}, {"label", h.label}};
  return text_frame(kind::hello, to_text(json, 0));
}

Hello parse_hello(const Frame& frame) {
  return parsed(frame, [](const Json& json) {
    Hello h{.tool = json.at("tool").get<std::string>(),
            .host = json.at("host").get<std::string>(),
            .process = json.at("process").get<int>(),
            .slots = json.at("slots").get<int>(),
            .label = json.at("label").get<std::string>()};
    if (h.slots < 1 || h.slots > 4096) throw ProtocolError("slots out of range");
    return h;
  });
}

Frame study_frame(const WorkOrder& o, double beat_seconds) {
  const Json json = {{"config", o.config}, {"config_sha256", o.config_sha256}, {"identity", o.identity},
                     {"limits", o.limits}, {"config_folder", o.config_folder}, {"folder", o.folder},
                     {"tasks", o.tasks},   {"beat_seconds", beat_seconds}};
  return text_frame(kind::study, to_text(json, 0));
}

std::pair<WorkOrder, double> parse_study(const Frame& frame) {
  return parsed(frame, [](const Json& json) {
    WorkOrder order{.config = json.at("config").get<std::string>(),
                    .config_sha256 = json.at("config_sha256").get<std::string>(),
                    .identity = json.at("identity").get<std::string>(),
                    .limits = json.at("limits").get<std::string>(),
                    .config_folder = json.at("config_folder").get<std::string>(),
                    .folder = json.at("folder").get<std::string>(),
                    .tasks = json.at("tasks").get<std::size_t>()};
    return std::pair(std::move(order), json.at("beat_seconds").get<double>());
  });
}

Frame ready_frame(const Ready& r) {
  return text_frame(kind::ready, to_text({{"config_sha256", r.config_sha256}, {"identity", r.identity}}, 0));
}

Ready parse_ready(const Frame& frame) {
  return parsed(frame, [](const Json& json) {
    return Ready{.config_sha256 = json.at("config_sha256").get<std::string>(),
                 .identity = json.at("identity").get<std::string>()};
  });
}

std::string spans_text(const std::vector<Span>& spans) {
  std::string text;
  for (const auto& [first, last] : spans) {
    if (!text.empty()) text += ',';
    text += std::to_string(first);
    if (last != first) text += '-' + std::to_string(last);
  }
  return text;
}

std::vector<Span> parse_spans(std::string_view text) {
  std::vector<Span> spans;
  for (std::string_view rest = text; !rest.empty();) {
    const auto piece = take_until(rest, ',');
    const auto dash = piece.find('-');
    const auto last = dash == std::string_view::npos ? piece : piece.substr(dash + 1);
    Span span;
    if (!parse_number(piece.substr(0, dash), span.first) || !parse_number(last, span.second) ||
        span.second < span.first)
      throw ProtocolError("expected tasks such as 0-63,70, found \"" + std::string(text.substr(0, 60)) + "\"");
    spans.push_back(span);
  }
  return spans;
}

void ResultsWriter::add(std::size_t index, const plan::Outcome& outcome) {
  lines_ += std::to_string(index);
  lines_ += ' ';
  evidence::append_outcome(lines_, outcome);
  lines_ += '\n';
  if (!outcome.log.empty()) attempts_ += evidence::attempts_text(index, outcome);
  ++count_;
}

Frame ResultsWriter::take() {
  Frame frame{std::string(kind::results), std::to_string(count_) + "\n" + lines_ + attempts_};
  count_ = 0;
  lines_.clear();
  attempts_.clear();
  return frame;
}

void parse_results(const Frame& frame, const std::function<void(std::size_t, plan::Outcome)>& use) {
  std::string_view rest = frame.payload;
  std::size_t count = 0;
  if (!parse_number(take_until(rest, '\n'), count)) throw ProtocolError("results that do not say how many");
  std::vector<std::pair<std::size_t, plan::Outcome>> all;
  all.reserve(std::min(count, rest.size() / 16 + 1));
  try {
    for (std::size_t i = 0; i < count; ++i) {
      std::string_view line = take_until(rest, '\n');
      std::size_t index = 0;
      if (!parse_number(take_until(line, ' '), index)) throw ProtocolError("a result of no task");
      all.emplace_back(index, evidence::parse_outcome(line, "a result"));
    }
  } catch (const Error& e) {
    throw ProtocolError(std::string("results that cannot be read: ") + e.what());
  }
  auto at = all.begin();  // tries come in the order of the results
  evidence::read_attempts_text(rest, [&](std::size_t task, int, const plan::Attempt& attempt) {
    while (at != all.end() && at->first != task) ++at;
    if (at == all.end()) return false;
    at->second.log.push_back(attempt);
    return true;
  });
  for (auto& [index, outcome] : all) use(index, std::move(outcome));
}

}  // namespace assay::cluster
