#include <catch2/catch.hpp>

#include "gate/column.hpp"
#include "gate/files.hpp"
#include "gate/table.hpp"
#include "unit/gate/folder.hpp"

using namespace assay;
using namespace assay::gate;
using assay::test::Folder;

namespace {

GateReport csv(std::string_view a, std::string_view b, const char* level = "bit", Rules* rules = nullptr) {
  const Folder folder;
  return compare_files(folder.write("a.csv", a), folder.write("b.csv", b),
                       rules != nullptr ? *rules : Rules(parse_level(level)));
}

std::string error_of(std::string_view a, std::string_view b = "x\n1\n") {
  try {
    csv(a, b);
  } catch (const UserError& e) {
    return e.what();
  }
  return "no error";
}

const ObservableReport& named(const GateReport& report, std::string_view name) {
  for (const ObservableReport& o : report.observables) {
    if (o.name == name) return o;
  }
  throw std::runtime_error("no observable " + std::string(name));
}

}  // namespace

TEST_CASE("columns are matched by name, whatever their order and their spelling of a number") {
  const GateReport r =
      csv("ky,gamma,note\n0.1,3.5,ok\n0.2,-1e-3,\"a,b\"\n", "gamma,ky,note\n3.50,.1,ok\n-0.001,0.20,\"a,b\"\n");
  CHECK(r.verdict == Verdict::pass);
  CHECK(r.level == Level::bit);
  CHECK_FALSE(r.bytes_equal);
  CHECK(r.observables.size() == 3);
}

TEST_CASE("equal bytes are the top rung, and can be demanded") {
  CHECK(csv("x\n1\n", "x\n1\n", "byte").level == Level::byte);
  CHECK(csv("x\n1\n", "x\n1\n", "byte").verdict == Verdict::pass);
  CHECK(csv("x\n1\n", "x\n1.0\n", "byte").verdict == Verdict::fail);
}

TEST_CASE("a difference is found with both lines") {
  const GateReport r = csv("# by hand\nx,y\n1,2\n3,4\n", "x,y\n1,2\n3,4.000000000000001\n");
  CHECK(r.verdict == Verdict::fail);
  const ObservableReport& y = named(r, "y");
  REQUIRE(y.first);
  CHECK(y.first->index == 1);
  CHECK(y.first->ulps == 1);
  CHECK_THAT(y.first->where, Catch::Contains("a.csv:4, ") && Catch::EndsWith("b.csv:3"));
  CHECK(named(r, "x").verdict == Verdict::pass);
}

TEST_CASE("what one side lacks fails: rows, columns, header, cells") {
  CHECK(csv("x\n1\n2\n", "x\n1\n").verdict == Verdict::fail);
  CHECK(csv("x\n1\n", "x\n1\n2\n").verdict == Verdict::fail);
  CHECK(csv("x,y\n1,2\n", "x\n1\n", "norm:1").verdict == Verdict::fail);
  CHECK(csv("x\n1\n", "1\n1\n").verdict == Verdict::fail);
  CHECK(csv("x,y\n1,2\n", "x,y\n1,\n", "norm:1").verdict == Verdict::fail);
  CHECK(csv("x\n1\n", "").verdict == Verdict::fail);
  CHECK(csv("", "x\n1\n").verdict == Verdict::fail);
  CHECK(csv("x\n1\n", "x\nfailed\n").verdict == Verdict::fail);
}

TEST_CASE("nothing compared is blocked, never a pass") {
  CHECK(csv("", "").verdict == Verdict::blocked);
  CHECK(csv("x,y\n", "x,y\n").verdict == Verdict::blocked);
  CHECK(csv("# only a comment\n", "\n\n").verdict == Verdict::blocked);
}

TEST_CASE("holes and NaN in numbers fail on both sides alike; empty words are words") {
  CHECK(csv("x,y\n1,2\n3,\n", "x,y\n1,2\n3,\n").verdict == Verdict::fail);
  CHECK(csv("x\n1\nnan\n", "x\n1\nNaN\n").verdict == Verdict::fail);
  CHECK(csv("x,note\n1,\n2,slow\n", "x,note\n1,\n2,slow\n").verdict == Verdict::pass);
  Rules rules = Rules::from_text("nan = \"equal\"\n", "rules.toml", {});
  CHECK(csv("x\n1\nnan\n", "x\n1\nNaN\n", "bit", &rules).verdict == Verdict::pass);
}

TEST_CASE("rules give columns their own level, ignore others, and must match something") {
  Rules rules = Rules::from_text(
      "level = \"bit\"\nignore = [\"wall_*\"]\n[columns]\ngamma = \"tol:1e-6\"\n\"phi_?\" = \"ulp:1\"\n",
      "r.toml", {});
  const char* a = "ky,gamma,phi_1,wall_s\n0.1,1.0,2.0,5\n";
  CHECK(csv(a, "ky,gamma,phi_1,wall_s\n0.1,1.0000001,2.0,9\n", "bit", &rules).verdict == Verdict::pass);
  CHECK(csv(a, "ky,gamma,phi_1,wall_s\n0.1,1.00001,2.0,9\n", "bit", &rules).verdict == Verdict::fail);
  CHECK(csv(a, "ky,gamma,phi_1,wall_s\n0.11,1.0,2.0,9\n", "bit", &rules).verdict == Verdict::fail);
  Rules slip = Rules::from_text("[columns]\ngama = \"bit\"\n", "r.toml", {});
  CHECK_THROWS_WITH(csv(a, a, "bit", &slip), Catch::Contains("gama") && Catch::Contains("gamma"));
  CHECK_THROWS_WITH(Rules::from_text("[columns]\nx = \"ulps:4\"\n", "r.toml", {}),
                    Catch::StartsWith("r.toml:2"));
  CHECK_THROWS_AS(Rules::from_text("levle = \"bit\"\n", "r.toml", {}), UserError);
}

TEST_CASE("broken tables are errors with line and column") {
  CHECK_THAT(error_of("x,y\n1,2\n3\n", "x,y\n1,2\n3,4\n"),
             Catch::Contains("a.csv:3:") && Catch::Contains("1 fields"));
  CHECK_THAT(error_of("x\n1e400\n"), Catch::Contains("a.csv:2:1") && Catch::Contains("1e400"));
  CHECK_THAT(error_of("x,y\n1,\"open\n", "x,y\n1,2\n"),
             Catch::Contains("a.csv:2:3") && Catch::Contains("never closed"));
  CHECK_THAT(error_of("x,y\n1,\"a\"b\n", "x,y\n1,2\n"), Catch::Contains("a.csv:2:6"));
  CHECK_THAT(error_of(std::string_view("x\n1\0\n", 6)), Catch::Contains("NUL byte"));
  CHECK_THAT(error_of("x\n" + std::string(TableReader::longest_row + 300000, '1')), Catch::Contains("a.csv:2"));
}

TEST_CASE("quotes, carriage returns, byte order marks and other delimiters are read") {
  CHECK(csv("\xEF\xBB\xBFx,\"a \"\"b\"\"\"\r\n1,2\r\n", "x,\"a \"\"b\"\"\"\n1,2\n").verdict == Verdict::pass);
  CHECK(csv("x;y\n1;2\n", "x,y\n1,2\n").verdict == Verdict::pass);
  CHECK(csv("x,t\n1,\"two\nlines\"\n2,u\n", "x,t\n1,\"two\nlines\"\n2,v\n").verdict == Verdict::fail);
  CHECK(csv("1.5D+01\n", "15\n").verdict == Verdict::pass);
  CHECK(csv("9007199254740993\n", "9007199254740992\n", "tol:1e-300").verdict == Verdict::fail);
  CHECK(csv("1e-400\n", "0\n").verdict == Verdict::pass);
}

TEST_CASE("free text is compared word by word") {
  const Folder folder;
  const auto a = folder.write("a.log", "step 1 energy 1.0000001\ndone\n");
  const auto b = folder.write("b.log", "step  1 energy 1.0000002\ndone\n");
  CHECK(compare_files(a, b, Rules(parse_level("tol:1e-6"))).verdict == Verdict::pass);
  CHECK(compare_files(a, b, Rules(parse_level("bit"))).verdict == Verdict::fail);
  const auto c = folder.write("c.log", "step 1 energy 1.0000001\nfailed\n");
  CHECK(compare_files(a, c, Rules(parse_level("norm:1"))).verdict == Verdict::fail);
  const auto d = folder.write("d.log", "step 1 energy 1.0000001 J\ndone\n");
  CHECK(compare_files(a, d, Rules(parse_level("norm:1"))).verdict == Verdict::fail);
}

TEST_CASE("long tables cross the blocks of the reader and of the comparison") {
  std::string a = "i,x\n";
  for (int i = 0; i < 60000; ++i) a += std::to_string(i) + "," + std::to_string(i * 0.37) + "\n";
  std::string b = a;
  const auto at = b.find("\n51234,") + 1;
  b[at + 6] = b[at + 6] == '9' ? '8' : '9';
  const GateReport r = csv(a, b);
  CHECK(r.verdict == Verdict::fail);
  CHECK(named(r, "x").tally.compared == 60000);
  CHECK(named(r, "x").tally.bits_differ == 1);
  CHECK(named(r, "x").first->index == 51234);
  CHECK_THAT(named(r, "x").first->where, Catch::Contains(":51236,"));
  CHECK(named(r, "i").verdict == Verdict::pass);
}

TEST_CASE("patterns match as in a shell") {
  CHECK(matches("*", ""));
  CHECK(matches("a*c", "abbc"));
  CHECK_FALSE(matches("a*c", "abcd"));
  CHECK(matches("/results/*/gamma", "/results/*/gamma"));
  CHECK_FALSE(matches("?", ""));
  CHECK(matches("*a*b*", "xxaxxbxx"));
}
