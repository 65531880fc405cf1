#include "core/file_tree.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "core/error.hpp"
#include "core/temporary_folder.hpp"

using namespace assay;
namespace fs = std::filesystem;

TEST_CASE("files below a folder are told by relative names, sorted, and what is no file is named") {
  const TemporaryFolder folder("file-tree");
  const fs::path top = folder.path();
  fs::create_directories(top / "b/deep");
  for (const char* name : {"z", "b/deep/x", "a"}) std::ofstream(top / name) << name;
  fs::create_symlink("a", top / "link");
  fs::create_directory_symlink("..", top / "b/up");  // not followed: no end otherwise
  fs::create_symlink("nowhere", top / "b/lost");
  fs::create_symlink("loop", top / "loop");
  REQUIRE(::mkfifo((top / "pipe").c_str(), 0600) == 0);
  const FileTree tree = files_below(top);
  CHECK(tree.files == std::vector<std::string>{"a", "b/deep/x", "link", "z"});
  std::vector<std::string> odd;
  for (const auto& o : tree.odd) odd.push_back(o.name);
  CHECK(odd == std::vector<std::string>{"b/lost", "loop", "pipe"});
  CHECK_THROWS_AS(files_below(top / "none"), UserError);
  CHECK_THROWS_AS(files_below(top / "loop"), UserError);
  CHECK_THROWS_AS(files_below(top / "a"), UserError);
}

TEST_CASE("a folder that may not be read is named") {
  const TemporaryFolder folder("file-tree");
  fs::create_directory(folder.path() / "closed");
  fs::permissions(folder.path() / "closed", fs::perms::none);
  const FileTree tree = files_below(folder.path());
  if (::geteuid() == 0) {
    WARN("root may read every folder: not tested");
  } else {
    REQUIRE(tree.odd.size() == 1);
    CHECK(tree.odd[0].name == "closed");
    CHECK(tree.odd[0].is_folder);
  }
  fs::permissions(folder.path() / "closed", fs::perms::owner_all);
}

TEST_CASE("hidden is what begins with a dot anywhere on its way") {
  CHECK(is_hidden(".a/b"));
  CHECK(is_hidden("a/.b/c"));
  CHECK_FALSE(is_hidden("a.b/c."));
}
