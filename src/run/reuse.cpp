// SPDX-License-Identifier: MIT
#include "run/reuse.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "evidence/result_cache.hpp"
#include "run/execute.hpp"
#include "run/selection.hpp"

namespace assay::run {

bool is_complete(const Study& study, const plan::Outcome& outcome) {
  if (outcome.status != plan::Status::ok && outcome.status != plan::Status::unconverged) return false;
  const auto declared = study.workload().observables();
  if (outcome.status == plan::Status::ok && declared.size() != outcome.observables.size()) return false;
  return std::all_of(outcome.observables.begin(), outcome.observables.end(), [&](const auto& value) {
    const auto it = std::find_if(declared.begin(), declared.end(),
                                 [&](const workload::Observable& o) { return o.name == value.first; });
    const bool array = std::holds_alternative<std::vector<double>>(value.second) ||
                       std::holds_alternative<std::vector<std::complex<double>>>(value.second);
    return it != declared.end() && it->is_array == array;
  });
}

SharedResults::SharedResults(const Study& study, const std::filesystem::path& folder)
    : study_(study), cache_(std::make_unique<evidence::ResultCache>(folder)) {
  if (!study.workload().external()) program_ = sha256_file("/proc/self/exe").sha256;
}

SharedResults::~SharedResults() = default;

std::string SharedResults::key(std::size_t index, const std::string& own) const {
  if (study_.workload().external()) return own.empty() ? study_.result_identity(index) : own;
  return short_sha256(program_ + study_.result_identity(index));
}

std::size_t SharedResults::take(Selection& selection, ResultStore& store) const {
  if (cache_->size() == 0) return 0;
  const bool depends = !study_.workload().identity_parts().empty();
  return selection.drop([&](std::size_t index) {
    std::string identity;
    try {
      identity = key(index, {});
    } catch (const WorkloadError&) {
      return false;  // an input is gone: the task runs, and says so
    }
    if (store.has(index) && (!depends || store.identity(index) == identity)) return false;  // on purpose
    auto outcome = cache_->find(identity);
    if (!outcome || outcome->status != plan::Status::ok || !is_complete(study_, *outcome)) return false;
    if (!depends) outcome->identity.clear();
    store.accept(index, std::move(*outcome));
    return true;
  });
}

void SharedResults::add(std::size_t index, const plan::Outcome& outcome) {
  if (outcome.status != plan::Status::ok || !is_complete(study_, outcome)) return;
  plan::Outcome kept = outcome;
  kept.log.clear();
  cache_->add(key(index, outcome.identity), std::move(kept));
}

std::string SharedResults::note() const {
  if (cache_->damaged() == 0) return {};
  return std::to_string(cache_->damaged()) + " lines of the cache are cut or damaged and were passed over";
}

}  // namespace assay::run
