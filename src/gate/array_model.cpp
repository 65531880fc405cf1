#include "gate/array_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>

#include "core/file.hpp"
#include "core/npy.hpp"
#include "gate/input.hpp"

namespace assay::gate {
namespace {

constexpr std::size_t most_numbers = 1'000'000;

template <class T>
double decode_as(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<double>(value);
}

template <class T>
void encode_as(double value, char* bytes) {
  T narrow = T(0);
  if constexpr (std::is_integral_v<T>) {
    // What an integer cannot hold leaves the place as it is: the fault has no hold there.
    const double low = static_cast<double>(std::numeric_limits<T>::min());
    const double high = static_cast<double>(std::numeric_limits<T>::max());
    if (!(value >= low && value <= high)) return;
  }
  narrow = static_cast<T>(value);
  std::memcpy(bytes, &narrow, sizeof narrow);
}

struct Codec {
  double (*decode)(const char*);
  void (*encode)(double, char*);
};

template <class T>
Codec codec_for() {
  return {decode_as<T>, encode_as<T>};
}

Codec codec_of(const ArrayType& type) {
  const std::size_t size = type.part_size();
  switch (type.kind) {
    case ArrayType::Kind::integer:
      return size == 1   ? codec_for<std::int8_t>()
             : size == 2 ? codec_for<std::int16_t>()
             : size == 4 ? codec_for<std::int32_t>()
                         : codec_for<std::int64_t>();
    case ArrayType::Kind::unsigned_integer:
    case ArrayType::Kind::boolean:
      return size == 1   ? codec_for<std::uint8_t>()
             : size == 2 ? codec_for<std::uint16_t>()
             : size == 4 ? codec_for<std::uint32_t>()
                         : codec_for<std::uint64_t>();
    default: return size == 4 ? codec_for<float>() : codec_for<double>();
  }
}

class ArrayModel final : public FileModel {
 public:
  ArrayModel(const std::filesystem::path& path, Rules& rules, FileKind kind, ArrayType type) : type_(type) {
    bytes_ = read_file(path);
    if (kind == FileKind::npy) {
      const NpyHeader header = read_npy_header(npy_source(Input(path)));
      type_ = header.type;
      begin_ = header.data_offset;
    }
    const auto required = rules.of("array");
    if (!required) return;
    array_ = {"array", {}, *required};
    const bool real = type_.kind == ArrayType::Kind::real || type_.kind == ArrayType::Kind::complex;
    array_.grain = !real ? Grain::whole : type_.part_size() == 4 ? Grain::single : Grain::real;
    const std::size_t n = std::min(most_numbers, (bytes_.size() - begin_) / type_.part_size());
    for (std::size_t i = 0; i < n; ++i) array_.values.push_back(codec_of(type_).decode(part(i).data()));
  }

  [[nodiscard]] Observables observables() const override {
    return array_.name.empty() ? Observables{} : Observables{array_};
  }

  void write(const Observables& changed, const std::filesystem::path& path) const override {
    const bool there = !changed.empty();
    const std::size_t n = there ? changed.front().values.size() : 0;
    std::string bytes = bytes_.substr(0, begin_);
    for (std::size_t i = 0; i < n; ++i) {
      const double value = changed.front().values[i];
      std::string number = i < array_.values.size() ? part(i) : std::string(type_.part_size(), '\0');
      const bool same = i < array_.values.size() && array_.values[i] == value;
      if (!same) codec_of(type_).encode(value, number.data());
      if (std::endian::native == std::endian::little && type_.big_endian)
        std::reverse(number.begin(), number.end());
      bytes += number;
    }
    if (n == array_.values.size()) bytes += bytes_.substr(begin_ + n * type_.part_size());
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

 private:
  /// One number in the order of this machine.
  [[nodiscard]] std::string part(std::size_t i) const {
    std::string number = bytes_.substr(begin_ + i * type_.part_size(), type_.part_size());
    if (std::endian::native == std::endian::little && type_.big_endian)
      std::reverse(number.begin(), number.end());
    return number;
  }

  ArrayType type_;
  std::string bytes_;
  std::size_t begin_ = 0;
  Observable array_;
};

}  // namespace

std::unique_ptr<FileModel> array_model(const std::filesystem::path& path, Rules& rules, FileKind kind,
                                       const ArrayType& type) {
  return std::make_unique<ArrayModel>(path, rules, kind, type);
}

}  // namespace assay::gate
