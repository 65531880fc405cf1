#include "core/expression.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <numbers>

#include "core/number.hpp"
#include "core/suggest.hpp"

namespace assay {
namespace {

using Op = Expression::Op;
using Instruction = Expression::Instruction;

struct Function1 {
  std::string_view name;
  double (*call)(double);
};
struct Function2 {
  std::string_view name;
  double (*call)(double, double);
};
constexpr std::array<Function1, 15> kFunctions1{{{"sin", std::sin},
                                                 {"cos", std::cos},
                                                 {"tan", std::tan},
                                                 {"asin", std::asin},
                                                 {"acos", std::acos},
                                                 {"atan", std::atan},
                                                 {"sinh", std::sinh},
                                                 {"cosh", std::cosh},
                                                 {"tanh", std::tanh},
                                                 {"exp", std::exp},
                                                 {"log", std::log},
                                                 {"log10", std::log10},
                                                 {"sqrt", std::sqrt},
                                                 {"abs", std::fabs},
                                                 {"floor", std::floor}}};
constexpr std::array<Function2, 4> kFunctions2{
    {{"min", std::fmin}, {"max", std::fmax}, {"pow", std::pow}, {"atan2", std::atan2}}};

constexpr int kDeepest = 200;  // parentheses within parentheses

class Parser {
 public:
  Parser(std::string_view text, const std::vector<std::string>& variables, const SourcePos& where)
      : text_(text), variables_(variables), where_(where) {}

  std::vector<Instruction> run() {
    disjunction();
    skip();
    if (at_ < text_.size()) fail("unexpected \"" + std::string(1, text_[at_]) + "\"", "an operator or the end");
    return std::move(code_);
  }

 private:
  [[noreturn]] void fail(std::string what, std::string expected) const {
    const bool in_file = where_.line > 0;
    throw UserError(Problem{.what = "in the expression \"" + std::string(text_) + "\", column " +
                                    std::to_string(at_ + 1) + ": " + what,
                            .where = in_file ? where_ : SourcePos{where_.file, 0, 0},
                            .expected = std::move(expected)});
  }
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool eat(std::string_view token) {
    skip();
    if (text_.substr(at_, token.size()) != token) return false;
    const bool word = std::isalpha(static_cast<unsigned char>(token.front())) != 0;
    const std::size_t end = at_ + token.size();
    if (word && end < text_.size() &&
        (std::isalnum(static_cast<unsigned char>(text_[end])) || text_[end] == '_'))
      return false;
    at_ = end;
    return true;
  }
  void emit(Op op, int index = 0, double number = 0.0) { code_.push_back({op, index, number}); }

  void disjunction() {
    conjunction();
    while (eat("or") || eat("||")) conjunction(), emit(Op::logical_or);
  }
  void conjunction() {
    inversion();
    while (eat("and") || eat("&&")) inversion(), emit(Op::logical_and);
  }
  void inversion() {
    if (eat("not")) {
      descend([&] { inversion(); });
      emit(Op::logical_not);
      return;
    }
    comparison();
  }
  void comparison() {
    sum();
    constexpr std::array<std::pair<std::string_view, Op>, 6> kinds{{{"<=", Op::less_equal},
                                                                    {">=", Op::greater_equal},
                                                                    {"==", Op::equal},
                                                                    {"!=", Op::not_equal},
                                                                    {"<", Op::less},
                                                                    {">", Op::greater}}};
    for (const auto& [token, op] : kinds) {
      if (!eat(token)) continue;
      sum();
      emit(op);
      return;
    }
  }
  void sum() {
    product();
    while (true) {
      if (eat("+")) {
        product(), emit(Op::add);
      } else if (eat("-")) {
        product(), emit(Op::subtract);
      } else {
        return;
      }
    }
  }
  void product() {
    unary();
    while (true) {
      skip();
      if (text_.substr(at_, 2) != "**" && eat("*")) {
        unary(), emit(Op::multiply);
      } else if (eat("/")) {
        unary(), emit(Op::divide);
      } else {
        return;
      }
    }
  }
  void unary() {
    if (eat("-")) {
      descend([&] { unary(); });
      emit(Op::negate);
      return;
    }
    if (eat("+")) return descend([&] { unary(); });
    primary();
    if (eat("^") || eat("**")) {
      descend([&] { unary(); });
      emit(Op::power);
    }
  }
  template <class Inner>
  void descend(Inner&& inner) {
    if (++depth_ > kDeepest) fail("nested too deeply", "at most " + std::to_string(kDeepest) + " levels");
    inner();
    --depth_;
  }
  void primary() {
    skip();
    if (at_ >= text_.size()) fail("it ends too early", "a number, a name or (");
    const char c = text_[at_];
    if (c == '(') {
      ++at_;
      descend([&] { disjunction(); });
      if (!eat(")")) fail("a parenthesis is not closed", ")");
      return;
    }
    if (std::isdigit(static_cast<unsigned char>(c)) || c == '.') return number();
    if (std::isalpha(static_cast<unsigned char>(c)) || c == '_') return name();
    fail("unexpected \"" + std::string(1, c) + "\"", "a number, a name or (");
  }
  void number() {
    std::size_t end = at_;
    while (end < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[end])) || text_[end] == '.' ||
            ((text_[end] == '-' || text_[end] == '+') && (text_[end - 1] == 'e' || text_[end - 1] == 'E'))))
      ++end;
    std::string token(text_.substr(at_, end - at_));
    if (token.front() == '.') token.insert(0, "0");
    if (token.back() == '.') token += "0";
    const auto value = parse_double(token);
    if (!value) fail("\"" + token + "\" is not a number", "a number such as 2.5 or 1e-3");
    emit(Op::number, 0, *value);
    at_ = end;
  }
  void name() {
    std::size_t end = at_;
    while (end < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[end])) || text_[end] == '_' || text_[end] == '.'))
      ++end;
    const std::string word(text_.substr(at_, end - at_));
    if (const auto it = std::find(variables_.begin(), variables_.end(), word); it != variables_.end()) {
      at_ = end;
      return emit(Op::variable, static_cast<int>(it - variables_.begin()));
    }
    if (word == "pi") return at_ = end, emit(Op::number, 0, std::numbers::pi);
    if (word == "e") return at_ = end, emit(Op::number, 0, std::numbers::e);
    if (call(word, end)) return;
    std::vector<std::string> known = variables_;
    for (const auto& f : kFunctions1) known.emplace_back(f.name);
    for (const auto& f : kFunctions2) known.emplace_back(f.name);
    fail("unknown name \"" + word + "\"", one_of(word, known));
  }
  bool call(const std::string& word, std::size_t end) {
    const auto arguments = [&](int count) {
      at_ = end;
      if (!eat("(")) fail("the function " + word + " has no arguments", "(");
      for (int i = 0; i < count; ++i) {
        if (i > 0 && !eat(",")) fail(word + " takes " + std::to_string(count) + " arguments", ",");
        descend([&] { disjunction(); });
      }
      if (!eat(")"))
        fail(word + " takes " + std::to_string(count) + (count == 1 ? " argument" : " arguments"), ")");
    };
    for (std::size_t i = 0; i < kFunctions1.size(); ++i) {
      if (kFunctions1[i].name == word) return arguments(1), emit(Op::call1, static_cast<int>(i)), true;
    }
    for (std::size_t i = 0; i < kFunctions2.size(); ++i) {
      if (kFunctions2[i].name == word) return arguments(2), emit(Op::call2, static_cast<int>(i)), true;
    }
    return false;
  }

  std::string_view text_;
  const std::vector<std::string>& variables_;
  SourcePos where_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<Instruction> code_;
};

double binary(Op op, double a, double b) {
  switch (op) {
    case Op::add: return a + b;
    case Op::subtract: return a - b;
    case Op::multiply: return a * b;
    case Op::divide: return a / b;
    case Op::power: return std::pow(a, b);
    case Op::less: return a < b;
    case Op::less_equal: return a <= b;
    case Op::greater: return a > b;
    case Op::greater_equal: return a >= b;
    case Op::equal: return a == b;
    case Op::not_equal: return a != b;
    case Op::logical_and: return a != 0.0 && b != 0.0;
    case Op::logical_or: return a != 0.0 || b != 0.0;
    default: return 0.0;
  }
}

}  // namespace

Expression Expression::parse(std::string_view text, const std::vector<std::string>& variables,
                             const SourcePos& where) {
  Expression expression;
  expression.text_ = std::string(text);
  expression.code_ = Parser(text, variables, where).run();
  return expression;
}

double Expression::evaluate(std::span<const double> values) const {
  std::vector<double> stack;
  stack.reserve(code_.size());
  for (const auto& i : code_) {
    switch (i.op) {
      case Op::number: stack.push_back(i.number); break;
      case Op::variable: stack.push_back(values[static_cast<std::size_t>(i.index)]); break;
      case Op::negate: stack.back() = -stack.back(); break;
      case Op::logical_not: stack.back() = stack.back() == 0.0; break;
      case Op::call1: stack.back() = kFunctions1[static_cast<std::size_t>(i.index)].call(stack.back()); break;
      default: {
        const double b = stack.back();
        stack.pop_back();
        stack.back() = i.op == Op::call2 ? kFunctions2[static_cast<std::size_t>(i.index)].call(stack.back(), b)
                                         : binary(i.op, stack.back(), b);
      }
    }
  }
  return stack.back();
}

}  // namespace assay
