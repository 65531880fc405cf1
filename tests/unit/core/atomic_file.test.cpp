#include "core/atomic_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "core/error.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using Catch::Contains;
using test::slurp;
using test::spill;

namespace {

// Lowers the limit on file sizes for its scope, so that writing beyond it fails with EFBIG.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("SHA-256 agrees with the standard's examples, in one piece and in many") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 digest;
  for (int i = 0; i < 1000000; ++i) digest.update("a");
  CHECK(digest.hex() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  digest.update("b");
  CHECK(digest.hex() == sha256_hex(std::string(1000000, 'a') + "b"));
}

TEST_CASE("the digest of a file is that of its bytes, whatever its size") {
  test::TemporaryFolder folder;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{262144}, std::size_t{700001}}) {
    const std::string bytes(size, 'q');
    spill(folder / "f", bytes);
    CHECK(sha256_file(folder / "f").sha256 == sha256_hex(bytes));
    CHECK(sha256_file(folder / "f").bytes == size);
    CHECK(read_file(folder / "f") == bytes);
  }
  CHECK_THROWS_WITH(read_file(folder / "none"), Contains("cannot open") && Contains("/none: No such file"));
}

TEST_CASE("an atomic file appears whole, with its digest, and leaves nothing beside it") {
  test::TemporaryFolder folder;
  const auto target = folder / "a.json";
  const std::string piece(100000, 'x');
  AtomicFile file(target);
  for (int i = 0; i < 10; ++i) file.write(piece);
  CHECK_FALSE(std::filesystem::exists(target));
  const auto digest = file.commit();
  CHECK(digest.bytes == 1000000);
  CHECK(digest.sha256 == sha256_file(target).sha256);
  CHECK(folder.entries() == 1);
}

TEST_CASE("an atomic file that is given up leaves the old one as it was") {
  test::TemporaryFolder folder;
  spill(folder / "a", "old");
  {
    AtomicFile file(folder / "a");
    file.write(std::string(1000000, 'x'));
  }
  CHECK(slurp(folder / "a") == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a replaced file keeps its permissions, and a link stays a link") {
  test::TemporaryFolder folder;
  spill(folder / "real", "old");
  ::chmod((folder / "real").c_str(), 0640);
  std::filesystem::create_symlink("real", folder / "link");
  write_file_atomically(folder / "link", "new");
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(slurp(folder / "real") == "new");
  struct stat info {};
  ::stat((folder / "real").c_str(), &info);
  CHECK((info.st_mode & 07777U) == 0640U);
}

TEST_CASE("what a killed writer left is removed by the next, what a living one holds is not") {
  test::TemporaryFolder folder;
  spill(folder / ".a.assay-1-0", "leftover");
  spill(folder / ".ab.assay-1-0", "of another file");
  AtomicFile living(folder / "a");
  CHECK_FALSE(std::filesystem::exists(folder / ".a.assay-1-0"));
  write_file_atomically(folder / "a", "second");
  living.write("first, but later");
  living.commit();
  CHECK(slurp(folder / "a") == "first, but later");
  CHECK(folder.entries() == 2);
}

TEST_CASE(
    "a full file system is an environment error with the path and what to do, and nothing is left behind") {
  test::TemporaryFolder folder;
  spill(folder / "a", "old");
  {
    const FileSizeLimit limit(100000);
    AtomicFile file(folder / "a");
    CHECK_THROWS_AS(
        [&] {
          for (int i = 0; i < 10; ++i) file.write(std::string(100000, 'x'));
        }(),
        EnvironmentError);
    CHECK_THROWS_WITH(write_file_atomically(folder / "a", std::string(200000, 'x')),
                      Contains("cannot write " + (folder / "a").string()) && Contains("ulimit -f"));
  }
  CHECK(slurp(folder / "a") == "old");
  CHECK(folder.entries() == 1);
  CHECK_THROWS_WITH(throw_file_error(ENOSPC, "cannot write", "/data/a"),
                    Contains("cannot write /data/a: No space left on device") && Contains("free space"));
  CHECK_THROWS_AS(throw_file_error(EROFS, "cannot write", "/data/a"), EnvironmentError);
  CHECK_THROWS_AS(throw_file_error(EACCES, "cannot write", "/data/a"), UserError);
}

TEST_CASE("a missing folder, a folder in the way and a file in the way are the user's to mend") {
  test::TemporaryFolder folder;
  spill(folder / "file", "");
  CHECK_THROWS_WITH(AtomicFile(folder / "none/a"),
                    Contains("No such file or directory") && Contains("mkdir -p"));
  CHECK_THROWS_WITH(AtomicFile(folder.path()), Contains("Is a directory"));
  CHECK_THROWS_WITH(AtomicFile(folder / "file/a"), Contains("Not a directory"));
  CHECK_THROWS_AS(AtomicFile("/proc/a"), Error);
}

TEST_CASE("a pipe or device is written in place and stays what it was") {
  const test::TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::string got;
  std::thread reader([&] { got = slurp(pipe); });
  const FileDigest digest = write_file_atomically(pipe, "through the pipe");
  reader.join();
  CHECK(got == "through the pipe");
  CHECK(digest.sha256 == sha256_hex("through the pipe"));
  CHECK(std::filesystem::is_fifo(pipe));
}
