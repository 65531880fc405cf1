#include "bench/history.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cstring>

namespace assay::bench {
namespace {

constexpr int kApplication = 0x61737379;  // "assy": tells this file from other databases
constexpr int kVersion = 1;
constexpr int kWaitMilliseconds = 10000;  // for another process that writes

constexpr const char* kTable =
    "CREATE TABLE runs("
    "id INTEGER PRIMARY KEY, taken TEXT NOT NULL, arm TEXT NOT NULL, command TEXT NOT NULL, host_class TEXT "
    "NOT NULL,"
    "commit_id TEXT NOT NULL, verdict TEXT NOT NULL, sha256 TEXT NOT NULL, n INTEGER NOT NULL, median_s REAL,"
    "wall_s BLOB NOT NULL,"  // n doubles of this machine's byte order
    "UNIQUE(sha256, arm));"
    "CREATE INDEX runs_by_time ON runs(taken);";

/// A prepared statement, its values bound in order.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql) : database_(database) {
    if (::sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) != SQLITE_OK) fail();
  }
  ~Statement() { ::sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& text(const std::string& value) {
    check(::sqlite3_bind_text(statement_, ++bound_, value.data(), static_cast<int>(value.size()),
                              SQLITE_TRANSIENT));
    return *this;
  }
  Statement& integer(std::int64_t value) {
    check(::sqlite3_bind_int64(statement_, ++bound_, value));
    return *this;
  }
  Statement& real(double value) {
    check(::sqlite3_bind_double(statement_, ++bound_, value));
    return *this;
  }
  Statement& blob(const std::vector<double>& values) {
    check(::sqlite3_bind_blob(statement_, ++bound_, values.data(),
                              static_cast<int>(values.size() * sizeof(double)), SQLITE_TRANSIENT));
    return *this;
  }
  /// True while there is a row.
  bool step() {
    const int result = ::sqlite3_step(statement_);
    if (result != SQLITE_ROW && result != SQLITE_DONE) fail();
    return result == SQLITE_ROW;
  }
  [[nodiscard]] std::string text_at(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(::sqlite3_column_text(statement_, column));
    return bytes == nullptr
               ? std::string()
               : std::string(bytes, static_cast<std::size_t>(::sqlite3_column_bytes(statement_, column)));
  }
  [[nodiscard]] std::vector<double> doubles_at(int column) const {
    const void* bytes = ::sqlite3_column_blob(statement_, column);
    std::vector<double> values(static_cast<std::size_t>(::sqlite3_column_bytes(statement_, column)) /
                               sizeof(double));
    if (!values.empty()) std::memcpy(values.data(), bytes, values.size() * sizeof(double));
    return values;
  }
  [[nodiscard]] std::int64_t integer_at(int column) const { return ::sqlite3_column_int64(statement_, column); }

 private:
  void check(int result) {
    if (result != SQLITE_OK) fail();
  }
  [[noreturn]] void fail() {
    throw EnvironmentError(std::string("the history: ") + ::sqlite3_errmsg(database_),
                           "is the disk full, the folder read-only, or another process writing?");
  }

  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

}  // namespace

struct History::State {
  sqlite3* database = nullptr;
  ~State() { ::sqlite3_close(database); }

  void run(const char* sql) {
    if (::sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return;
    throw EnvironmentError(std::string("the history: ") + ::sqlite3_errmsg(database),
                           "is the disk full, the folder read-only, or another process writing?");
  }
  [[nodiscard]] int pragma(const char* sql) const {
    Statement statement(database, sql);
    return statement.step() ? static_cast<int>(statement.integer_at(0)) : 0;
  }
};

History::History(const std::filesystem::path& file, Mode mode) : state_(std::make_unique<State>()) {
  const int flags = mode == Mode::create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  if (mode == Mode::read && !std::filesystem::is_regular_file(file)) {
    throw UserError("no history at " + file.string(),
                    "assay bench --a COMMAND --history " + file.string() + " begins one");
  }
  if (::sqlite3_open_v2(file.c_str(), &state_->database, flags, nullptr) != SQLITE_OK) {
    throw EnvironmentError(file.string() + ": " + ::sqlite3_errmsg(state_->database),
                           "check that the folder exists and may be written to");
  }
  ::sqlite3_busy_timeout(state_->database, kWaitMilliseconds);
  if (::sqlite3_exec(state_->database, "SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr) ==
      SQLITE_NOTADB)
    throw UserError(file.string() + " is no history: it is not an SQLite file", "give another file");
  if (mode == Mode::create) {
    state_->run("BEGIN IMMEDIATE");
    const bool empty = state_->pragma("SELECT count(*) FROM sqlite_master") == 0;
    if (empty) {
      state_->run(kTable);
      state_->run(
          fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplication, kVersion).c_str());
    }
    state_->run("COMMIT");
  }
  if (state_->pragma("PRAGMA application_id") != kApplication)
    throw UserError(file.string() + " is an SQLite file, but no history of assay bench", "give another file");
  if (state_->pragma("PRAGMA user_version") > kVersion)
    throw UserError(file.string() + " was written by a later version of assay", "use that version");
}

History::~History() = default;

std::size_t History::add(const Measurement& m, const std::string& taken, const std::string& commit,
                         const std::string& sha256) {
  const auto judged = judge(m);
  std::size_t added = 0;
  state_->run("BEGIN IMMEDIATE");
  try {
    for (std::size_t arm = 0; arm < m.design.arms.size(); ++arm) {
      const auto wall = m.samples.wall(static_cast<int>(arm));
      if (wall.empty()) continue;
      std::string verdict;
      for (const auto& j : judged)
        if (j.candidate == m.design.arms[arm].name) verdict = word(j.comparison.verdict);
      Statement(state_->database,
                "INSERT OR IGNORE INTO runs(taken, arm, command, host_class, commit_id, verdict, sha256, n, "
                "median_s, wall_s)"
                " VALUES(?,?,?,?,?,?,?,?,?,?)")
          .text(taken)
          .text(m.design.arms[arm].name)
          .text(m.design.arms[arm].command)
          .text(host_class(m.machine))
          .text(commit)
          .text(verdict)
          .text(sha256)
          .integer(static_cast<std::int64_t>(wall.size()))
          .real(median(wall))
          .blob(wall)
          .step();
      added += static_cast<std::size_t>(::sqlite3_changes(state_->database));
    }
    state_->run("COMMIT");
  } catch (...) {
    ::sqlite3_exec(state_->database, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
  return added;
}

std::vector<HistoryRow> History::rows(const HistoryQuery& query) const {
  // A beginning of a time includes what begins with it: "2026-11" ends before "2026-11~".
  Statement select(
      state_->database,
      "SELECT taken, arm, command, host_class, commit_id, verdict, sha256, wall_s FROM runs"
      " WHERE (?1 = '' OR arm = ?1) AND taken >= ?2 AND (?3 = '' OR taken < ?3 || '~') ORDER BY taken, id");
  select.text(query.arm).text(query.since).text(query.until);
  std::vector<HistoryRow> rows;
  while (select.step()) {
    rows.push_back({.taken = select.text_at(0),
                    .arm = select.text_at(1),
                    .command = select.text_at(2),
                    .host_class = select.text_at(3),
                    .commit = select.text_at(4),
                    .verdict = select.text_at(5),
                    .sha256 = select.text_at(6),
                    .wall = select.doubles_at(7)});
  }
  return rows;
}

}  // namespace assay::bench
