// Binary arrays as gate sides: NumPy files, which know their shape, and raw ones, which know nothing.
#include <algorithm>

#include "core/error.hpp"
#include "core/npy.hpp"
#include "gate/array_stream.hpp"
#include "gate/files.hpp"
#include "gate/input.hpp"

namespace assay::gate {
namespace {

std::string part_name(const ArrayType& type, std::uint64_t number) {
  if (type.parts() == 1) return {};
  return number % 2 == 0 ? " real part" : " imaginary part";
}

bool same_head(const Input& a, const Input& b, std::uint64_t size) {
  std::string x(size, '\0'), y(size, '\0');
  return a.read_at(0, x) == size && b.read_at(0, y) == size && x == y;
}

/// Steps of one storage order seen along the axes of the other, slowest first.
std::vector<std::uint64_t> steps_of_other_order(const std::vector<std::uint64_t>& slowest_first) {
  std::vector<std::uint64_t> step(slowest_first.size(), 1);
  for (std::size_t k = 1; k < step.size(); ++k) step[k] = step[k - 1] * slowest_first[k - 1];
  return step;
}

void place_in_array(Comparison& c, const NpyHeader& h) {
  while (Difference* d = c.unplaced()) {
    d->where = index_text(h, d->index / h.type.parts()) + part_name(h.type, d->index);
  }
}

}  // namespace

GateReport compare_npy(const std::filesystem::path& a, const std::filesystem::path& b, Rules& rules) {
  const Input file_a(a);
  const Input file_b(b);
  const NpyHeader ha = read_npy_header(npy_source(file_a));
  const NpyHeader hb = read_npy_header(npy_source(file_b));
  GateReport report{.gate = "files.npy"};
  const auto required = rules.of("array");
  if (!required) return report;
  Comparison c("array", *required);
  const bool same_type = ha.type.kind == hb.type.kind && ha.type.size == hb.type.size;
  if (!same_type)
    c.add_mismatch("element type " + to_text(ha.type) + " on side A, " + to_text(hb.type) + " on side B");
  if (ha.shape != hb.shape) {
    c.add_mismatch("shape " + shape_text(ha.shape) + " on side A, " + shape_text(hb.shape) + " on side B");
  }
  if (same_type && ha.shape == hb.shape) {
    const ArraySource source_a{&file_a, ha.data_offset, ha.type};
    const ArraySource source_b{&file_b, hb.data_offset, hb.type};
    if (ha.fortran_order == hb.fortran_order || ha.shape.size() < 2) {
      compare_arrays(c, source_a, source_b, ha.elements * ha.type.parts());
    } else if (ha.elements > 0) {
      std::vector<std::uint64_t> slowest_first = ha.shape;
      if (ha.fortran_order) std::reverse(slowest_first.begin(), slowest_first.end());
      compare_reordered(c, source_a, source_b, slowest_first, steps_of_other_order(slowest_first));
    }
    place_in_array(c, ha);
  }
  report.observables.push_back(c.report());
  const Tally& t = report.observables.front().tally;
  report.bytes_equal = same_type && ha.shape == hb.shape && t.bits_differ == 0 &&
                       ha.data_offset == hb.data_offset && same_head(file_a, file_b, ha.data_offset);
  return report;
}

GateReport compare_raw(const std::filesystem::path& a, const std::filesystem::path& b, Rules& rules,
                       const ArrayType& type) {
  const Input file_a(a);
  const Input file_b(b);
  for (const Input* input : {&file_a, &file_b}) {
    if (input->size() % type.size == 0) continue;
    throw UserError(
        Problem{.what = "\"" + input->name() + "\" does not hold whole elements of " + to_text(type),
                .expected = "a multiple of " + std::to_string(type.size) + " bytes",
                .found = std::to_string(input->size()) + " bytes",
                .hint = "it is cut off, or its element type is another one"});
  }
  GateReport report{.gate = "files.raw"};
  const auto required = rules.of("array");
  if (!required) return report;
  Comparison c("array", *required);
  const std::uint64_t in_a = file_a.size() / type.part_size();
  const std::uint64_t in_b = file_b.size() / type.part_size();
  compare_arrays(c, {&file_a, 0, type}, {&file_b, 0, type}, std::min(in_a, in_b));
  if (in_a > in_b) c.add_absent(Side::b, in_a - in_b);
  if (in_b > in_a) c.add_absent(Side::a, in_b - in_a);
  while (Difference* d = c.unplaced()) {
    d->where = "element " + std::to_string(d->index / type.parts()) + part_name(type, d->index) + ", byte " +
               std::to_string(d->index * type.part_size());
  }
  report.observables.push_back(c.report());
  report.bytes_equal = in_a == in_b && report.observables.front().tally.bits_differ == 0;
  return report;
}

}  // namespace assay::gate
