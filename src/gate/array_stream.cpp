#include "gate/array_stream.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "core/error.hpp"

namespace assay::gate {
namespace {

constexpr std::size_t piece = 16 * 1024;  // numbers read at once: both sides stay in the second-level cache
constexpr std::uint64_t segment = std::uint64_t{1}
                                  << 21;  // numbers a thread takes: the order of sums hangs on this
constexpr unsigned most_threads = 8;

template <class T>
T swapped(T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof value);
  std::reverse(bytes, bytes + sizeof value);
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

/// Stored numbers of type From become To; in place when both are the same.
template <class From, class To>
void decode(const char* bytes, bool swap, std::span<To> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    From value;
    std::memcpy(&value, bytes + i * sizeof(From), sizeof value);
    out[i] = static_cast<To>(swap ? swapped(value) : value);
  }
}

template <class To>
void decode(const char* bytes, const ArrayType& type, std::span<To> out) {
  const bool swap = type.big_endian == (std::endian::native == std::endian::little);
  using Kind = ArrayType::Kind;
  if constexpr (std::is_floating_point_v<To>) {
    decode<To>(bytes, swap, out);
  } else if (type.kind == Kind::integer) {
    switch (type.size) {
      case 1: return decode<std::int8_t>(bytes, swap, out);
      case 2: return decode<std::int16_t>(bytes, swap, out);
      case 4: return decode<std::int32_t>(bytes, swap, out);
      default: return decode<std::int64_t>(bytes, swap, out);
    }
  } else {
    switch (type.size) {
      case 1: return decode<std::uint8_t>(bytes, swap, out);
      case 2: return decode<std::uint16_t>(bytes, swap, out);
      case 4: return decode<std::uint32_t>(bytes, swap, out);
      default: return decode<std::uint64_t>(bytes, swap, out);
    }
  }
}

void require_all(const Input& input, std::size_t wanted, std::size_t got, std::uint64_t offset) {
  if (wanted == got) return;
  throw UserError(Problem{.what = "\"" + input.name() + "\" became shorter while it was read",
                          .expected = std::to_string(wanted) + " bytes at byte " + std::to_string(offset),
                          .found = std::to_string(got),
                          .hint = "compare when nothing writes to it any more"});
}

/// Reads numbers [first, first+out.size()) of a source.
template <class To>
void read_numbers(const ArraySource& source, std::uint64_t first, std::span<To> out, std::vector<char>& bytes) {
  const std::size_t part = source.type.part_size();
  const std::uint64_t at = source.offset + first * part;
  const bool native = source.type.big_endian == (std::endian::native == std::endian::big) || part == 1;
  if (native && part == sizeof(To)) {
    const std::span raw(reinterpret_cast<char*>(out.data()), out.size_bytes());
    require_all(*source.input, raw.size(), source.input->read_at(at, raw), at);
    return;
  }
  bytes.resize(out.size() * part);
  require_all(*source.input, bytes.size(), source.input->read_at(at, bytes), at);
  decode(bytes.data(), source.type, out);
}

template <class T>
void compare_segment(Comparison& c, const ArraySource& a, const ArraySource& b, std::uint64_t first,
                     std::uint64_t count) {
  std::vector<T> x(std::min<std::uint64_t>(piece, count)), y(x.size());
  std::vector<char> bytes;
  for (std::uint64_t done = 0; done < count; done += x.size()) {
    const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(x.size(), count - done));
    read_numbers(a, first + done, std::span(x).first(n), bytes);
    read_numbers(b, first + done, std::span(y).first(n), bytes);
    c.add(std::span<const T>(x).first(n), std::span<const T>(y).first(n));
  }
}

template <class T>
void compare_all(Comparison& comparison, const ArraySource& a, const ArraySource& b, std::uint64_t count) {
  const std::uint64_t segments = (count + segment - 1) / segment;
  std::vector<Comparison> parts(segments, comparison);  // still empty: a blank with the same demand
  std::atomic<std::uint64_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_lock;
  const auto work = [&] {
    try {
      for (std::uint64_t s = next++; s < segments; s = next++) {
        compare_segment<T>(parts[s], a, b, s * segment, std::min(segment, count - s * segment));
      }
    } catch (...) {
      const std::lock_guard hold(failure_lock);
      if (!failure) failure = std::current_exception();
      next = segments;
    }
  };
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const auto threads = static_cast<unsigned>(std::min<std::uint64_t>({cores, most_threads, segments}));
  std::vector<std::jthread> pool;
  for (unsigned t = 1; t < threads; ++t) pool.emplace_back(work);
  work();
  pool.clear();
  if (failure) std::rethrow_exception(failure);
  for (Comparison& part : parts) comparison.append(std::move(part));
}

/// Windows of a file kept in memory for scattered reads; the oldest goes when there are too many.
class Windows {
 public:
  explicit Windows(const ArraySource& source) : source_(source) {}

  const char* at(std::uint64_t number) {
    const std::uint64_t byte = source_.offset + number * source_.type.part_size();
    const std::uint64_t window = byte / window_size;
    auto found = pages_.find(window);
    if (found == pages_.end()) {
      if (order_.size() == most_windows) {
        pages_.erase(order_[oldest_]);
        order_[oldest_] = window;
        oldest_ = (oldest_ + 1) % most_windows;
      } else {
        order_.push_back(window);
      }
      // A number may straddle two windows: each holds a little more than its own part.
      std::vector<char> bytes(window_size + 16);
      bytes.resize(source_.input->read_at(window * window_size, bytes));
      found = pages_.emplace(window, std::move(bytes)).first;
    }
    const std::uint64_t inside = byte - window * window_size;
    const std::size_t held = found->second.size();
    require_all(*source_.input, source_.type.part_size(),
                std::min<std::size_t>(source_.type.part_size(), held > inside ? held - inside : 0), byte);
    return found->second.data() + inside;
  }

 private:
  static constexpr std::uint64_t window_size = 16 * 1024;
  static constexpr std::size_t most_windows = 8192;
  ArraySource source_;
  std::map<std::uint64_t, std::vector<char>> pages_;
  std::vector<std::uint64_t> order_;
  std::size_t oldest_ = 0;
};

template <class T>
void compare_scattered(Comparison& c, const ArraySource& a, const ArraySource& b,
                       const std::vector<std::uint64_t>& shape, const std::vector<std::uint64_t>& step) {
  const std::size_t parts = a.type.parts();
  std::uint64_t elements = 1;
  for (const std::uint64_t extent : shape) elements *= extent;
  Windows windows(b);
  std::vector<std::uint64_t> index(shape.size(), 0);
  std::vector<T> x(piece), y(piece);
  std::vector<char> bytes;
  for (std::uint64_t done = 0; done < elements * parts; done += piece) {
    const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(piece, elements * parts - done));
    read_numbers(a, done, std::span(x).first(n), bytes);
    for (std::size_t i = 0; i < n; ++i) {
      std::uint64_t element = 0;
      for (std::size_t k = 0; k < shape.size(); ++k) element += index[k] * step[k];
      const std::size_t part = (done + i) % parts;
      decode(windows.at(element * parts + part), b.type, std::span(y).subspan(i, 1));
      if (part + 1 < parts) continue;
      for (std::size_t k = shape.size(); k-- > 0;) {  // the next element in the order of a
        if (++index[k] < shape[k]) break;
        index[k] = 0;
      }
    }
    c.add(std::span<const T>(x).first(n), std::span<const T>(y).first(n));
  }
}

/// Calls f with a value of the type that the numbers of an array are decoded to.
template <class F>
void with_number_type(const ArrayType& type, F f) {
  using Kind = ArrayType::Kind;
  if (type.kind == Kind::integer) return f(std::int64_t{});
  if (type.kind == Kind::unsigned_integer || type.kind == Kind::boolean) return f(std::uint64_t{});
  if (type.part_size() == 4) return f(float{});
  f(double{});
}

}  // namespace

void compare_arrays(Comparison& comparison, const ArraySource& a, const ArraySource& b, std::uint64_t count) {
  with_number_type(a.type, [&](auto number) { compare_all<decltype(number)>(comparison, a, b, count); });
}

void compare_reordered(Comparison& comparison, const ArraySource& a, const ArraySource& b,
                       const std::vector<std::uint64_t>& shape, const std::vector<std::uint64_t>& step) {
  with_number_type(a.type,
                   [&](auto number) { compare_scattered<decltype(number)>(comparison, a, b, shape, step); });
}

}  // namespace assay::gate
