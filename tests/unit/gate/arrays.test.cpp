#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "core/npy.hpp"
#include "gate/files.hpp"
#include "unit/gate/folder.hpp"

using namespace assay;
using namespace assay::gate;
using assay::test::bytes_of;
using assay::test::Folder;
using assay::test::npy;

namespace {

constexpr const char* f8_2x3 = "'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), ";
constexpr const char* f8_2x3_fortran = "'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), ";

GateReport arrays(std::string_view a, std::string_view b, const char* level = "bit",
                  const char* format = "auto") {
  const Folder folder;
  return compare_files(folder.write("a.npy", a), folder.write("b.npy", b), Rules(parse_level(level)),
                       parse_format(format));
}

std::string error_of(std::string_view a, const char* format = "npy") {
  try {
    arrays(a, a, "bit", format);
  } catch (const UserError& e) {
    return e.what();
  }
  return "no error";
}

std::string swapped(std::string bytes, std::size_t size) {
  for (std::size_t i = 0; i < bytes.size(); i += size) std::reverse(&bytes[i], &bytes[i] + size);
  return bytes;
}

}  // namespace

TEST_CASE(
    "raw doubles longer than a segment are compared by several threads, and the first difference is the "
    "first") {
  std::vector<double> a(5'000'003);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::sin(static_cast<double>(i));
  std::vector<double> b = a;
  b[4'800'000] += 1.0;
  b[2'500'000] = std::nextafter(b[2'500'000], 9.0);
  const GateReport r = arrays(bytes_of(a), bytes_of(b), "ulp:1", "raw:f64");
  CHECK(r.verdict == Verdict::fail);
  const ObservableReport& o = r.observables.at(0);
  CHECK(o.tally.compared == a.size());
  CHECK(o.first->index == 2'500'000);
  CHECK(o.first->where == "element 2500000, byte 20000000");
  CHECK(o.failing->index == 4'800'000);
  CHECK(o.tally.bits_differ == 2);
  CHECK(o.norm_a == Approx(std::sqrt(static_cast<double>(a.size()) / 2)).epsilon(1e-3));
  CHECK(arrays(bytes_of(a), bytes_of(a), "byte", "raw:f64").level == Level::byte);
  a.pop_back();
  CHECK(arrays(bytes_of(a), bytes_of(b), "norm:1", "raw:f64").verdict == Verdict::fail);
}

TEST_CASE("every element type is decoded in both byte orders") {
  const std::vector<float> f{1.0f, -2.5f};
  const std::vector<std::int16_t> s{-3, 7};
  const std::vector<std::uint64_t> u{UINT64_MAX, 1};
  CHECK(arrays(bytes_of(f), bytes_of(f), "bit", "raw:f32").observables[0].tally.largest_a == 2.5);
  CHECK(arrays(swapped(bytes_of(s), 2), swapped(bytes_of(s), 2), "bit", "raw:i16be")
            .observables[0]
            .tally.largest_a == 7);
  CHECK(arrays(bytes_of(u), bytes_of(u), "bit", "raw:u64").verdict == Verdict::pass);
  const std::string little = npy("'descr': '<i2', 'fortran_order': False, 'shape': (2,), ", bytes_of(s));
  const std::string big =
      npy("'descr': '>i2', 'fortran_order': False, 'shape': (2,), ", swapped(bytes_of(s), 2));
  CHECK(arrays(little, big).verdict == Verdict::pass);
  CHECK(arrays(little, big, "byte").verdict == Verdict::fail);
  CHECK(to_text(*parse_type_word("c128be")) == "c128be");
  for (const char* bad : {"f80", "f16", "i3", "x8", "f", ""}) CHECK_FALSE(parse_type_word(bad));
}

TEST_CASE("NPY arrays are located by index, whatever the order of storage") {
  const std::vector<double> c_order{11, 12, 13, 21, 22, 23};
  const std::vector<double> fortran{11, 21, 12, 22, 13, 23};
  const std::string a = npy(f8_2x3, bytes_of(c_order));
  CHECK(arrays(a, npy(f8_2x3_fortran, bytes_of(fortran))).verdict == Verdict::pass);
  CHECK(arrays(npy(f8_2x3_fortran, bytes_of(fortran)), a).verdict == Verdict::pass);
  CHECK(arrays(a, npy(f8_2x3_fortran, bytes_of(c_order))).verdict == Verdict::fail);
  std::vector<double> other = fortran;
  other[3] = 22.5;
  CHECK(arrays(a, npy(f8_2x3_fortran, bytes_of(other))).observables[0].first->where == "[1,1]");
  CHECK(arrays(npy(f8_2x3_fortran, bytes_of(fortran)), npy(f8_2x3_fortran, bytes_of(other)))
            .observables[0]
            .first->where == "[1,1]");
  CHECK(arrays(npy(f8_2x3, bytes_of(c_order), 2), npy(f8_2x3, bytes_of(c_order), 3)).verdict == Verdict::pass);
}

TEST_CASE("complex elements name the part that differs") {
  const std::vector<double> a{1, 2, 3, 4};
  const std::vector<double> b{1, 2, 3, 5};
  const char* fields = "'descr': '<c16', 'fortran_order': False, 'shape': (2,), ";
  const GateReport r = arrays(npy(fields, bytes_of(a)), npy(fields, bytes_of(b)));
  CHECK(r.observables[0].first->where == "[1] imaginary part");
}

TEST_CASE("other shapes and types fail, empty arrays are blocked") {
  const std::vector<double> x{1, 2, 3, 4, 5, 6};
  const std::string a = npy(f8_2x3, bytes_of(x));
  CHECK(arrays(a, npy("'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), ", bytes_of(x))).verdict ==
        Verdict::fail);
  CHECK(arrays(a, npy("'descr': '<i8', 'fortran_order': False, 'shape': (2, 3), ", bytes_of(x))).verdict ==
        Verdict::fail);
  const std::string none = npy("'descr': '<f8', 'fortran_order': False, 'shape': (0, 3), ", "");
  CHECK(arrays(none, none).verdict == Verdict::blocked);
  CHECK(arrays("", "", "bit", "raw:f64").verdict == Verdict::blocked);
}

TEST_CASE("damaged arrays are errors that name the byte") {
  const std::vector<double> x{1, 2, 3, 4, 5, 6};
  const std::string whole = npy(f8_2x3, bytes_of(x));
  CHECK_THAT(error_of(whole.substr(0, whole.size() - 1)), Catch::Contains("cut off"));
  CHECK_THAT(error_of(whole + "x"), Catch::Contains("bytes after the data"));
  CHECK_THAT(error_of(whole.substr(0, 40)), Catch::Contains("header is cut off"));
  CHECK_THAT(error_of("\x93NUM"), Catch::Contains("not a NumPy array"));
  CHECK_THAT(error_of(npy("'descr': '<f8', 'shape': (2, 3), ", bytes_of(x))), Catch::Contains("incomplete"));
  CHECK_THAT(error_of(npy("'descr': '|O', 'fortran_order': False, 'shape': (2, 3), ", "")),
             Catch::Contains("|O"));
  CHECK_THAT(error_of(npy("'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (2,), ", "")),
             Catch::Contains("records"));
  CHECK_THAT(
      error_of(npy("'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4), ", "")),
      Catch::Contains("can exist"));
  CHECK_THAT(error_of(std::string(15, 'x'), "raw:f64"), Catch::Contains("whole elements"));
}

TEST_CASE("what cannot be read to its end is refused at once") {
  const Folder folder;
  const auto good = folder.write("good.csv", "x\n1\n");
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  std::filesystem::create_symlink(folder.path("loop"), folder.path("loop"));
  std::filesystem::create_directory(folder.path("dir"));
  for (const char* name : {"pipe", "loop", "dir", "missing"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(compare_files(good, folder.path(name), Rules()), UserError);
    CHECK_THROWS_AS(compare_files(folder.path(name), good, Rules()), UserError);
  }
  CHECK_THROWS_WITH(compare_files("/dev/zero", good, Rules()), Catch::Contains("a device"));
  CHECK_THROWS_WITH(compare_files(folder.path("pipe"), good, Rules()), Catch::Contains("FIFO"));
  CHECK_THROWS_WITH(
      compare_files(good, folder.write("x.npy", npy(f8_2x3, bytes_of(std::vector<double>(6, 1.0)))), Rules()),
      Catch::Contains("different kinds"));
}
