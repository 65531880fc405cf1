// Faults that parallel code really has, planted on purpose: a gate that lets one through is unfit to judge.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gate/verdict.hpp"

namespace assay::gate {

/// The numbers that a value's home can hold: a planted fault must survive being written there.
enum class Grain { real, single, whole };

/// One named array of a side, and what the gate demands of it.
struct Observable {
  std::string name;
  std::vector<double> values;
  Requirement required;
  Grain grain = Grain::real;
  std::vector<std::string> words{};                 ///< instead of values: equal or not
  std::function<std::string(std::size_t)> place{};  ///< names an element for a person: "task 3 (ky=0.4)"
};
using Observables = std::vector<Observable>;

/// Matches by name; an observable or an element that only one side has fails.
GateReport compare_sets(std::string gate, const Observables& floor, const Observables& candidate);

/// Which observables a fault is one in: at rung I7 the order of the values means nothing, and one of them
/// little.
enum class Concerns { anything, elements, samples, words };

struct Fault {
  std::string name;
  Concerns concerns = Concerns::anything;
  /// Changes the set and says where; nothing when the set gives the fault no hold (all values equal, say),
  /// which makes the gate vacuous for it.
  std::function<std::optional<std::string>(Observables&, std::uint64_t seed)> plant;
};

/// Whether the fault could be one in such an observable.
bool concerns(const Fault& fault, const Observable& observable);

namespace fault {
Fault swapped();         ///< two tasks' results exchanged
Fault dropped();         ///< one task missing, the rest moved up
Fault duplicated();      ///< one task's result in its neighbour's place, too
Fault off_by_one();      ///< everything moved on by one element, as with a wrong halo
Fault stale();           ///< one element keeps the value of the element before it
Fault truncated();       ///< the second half is missing
Fault appended();        ///< one element too many
Fault empty();           ///< no elements at all
Fault absent();          ///< the observable is missing
Fault not_a_number();    ///< one NaN
Fault infinite();        ///< one infinity
Fault unwritten_nan();   ///< the output was never written: all NaN
Fault unwritten_zero();  ///< the output was never written: all zero
Fault negated();         ///< one sign wrong
Fault beyond_level();    ///< one element just beyond what its level allows; one ulp where bits are demanded
Fault wrong_word();      ///< one word another, where an observable is words
Fault moved();           ///< all values moved, just so far that I7 can see it
Fault widened();         ///< all values further from their median, just so far that I7 can see it
Fault narrowed();        ///< the same value for every member
}  // namespace fault

/// All of the above that make sense for the set: permutations need two elements, words an observable of words.
std::vector<Fault> standard_faults(const Observables& set);

struct Kill {
  std::string fault;
  std::string observable;
  std::string place;  ///< where it was planted; empty when it found no hold
  Verdict verdict = Verdict::blocked;
  bool caught = false;
  std::string reason;  ///< the gate's own words, or why the fault could not be planted
};

struct Proof {
  bool fit = false;
  Verdict control = Verdict::blocked;  ///< the floor against a copy of itself: must pass
  std::vector<Kill> kills;
  std::uint64_t seed = 0;
};

using Judge = std::function<GateReport(const Observables& floor, const Observables& candidate)>;

/// Whether the proof stands: the control passes, each fault found a hold in some observable, and whatever was
/// planted was caught.
bool is_fit(Verdict control, std::span<const Kill> kills);

/// Plants every fault into a copy of the floor's results, one at a time, in each observable in turn, and
/// demands `fail`. A gate that declares no fault is a bug: std::logic_error.
Proof prove(const Observables& floor, std::span<const Fault> faults, const Judge& judge,
            std::uint64_t seed = 1);

/// ok, or gate_unfit.
Exit exit_of(const Proof& proof);

}  // namespace assay::gate
