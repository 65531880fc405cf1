#include <nlohmann/json.hpp>

#include "gate/report.hpp"

namespace assay::gate {
namespace {

Json to_json(const Difference& d) {
  Json j = {{"index", d.index}, {"where", d.where}, {"a", d.a}, {"b", d.b}};
  if (!d.a_hex.empty()) {
    j["a_hex"] = d.a_hex;
    j["b_hex"] = d.b_hex;
  }
  if (d.ulps) j["ulps"] = *d.ulps;
  return j;
}

Json to_json(const ObservableReport& o) {
  const Tally& t = o.tally;
  Json j = {{"name", o.name},
            {"verdict", word(o.verdict)},
            {"level", rung(o.level)},
            {"required", rung(o.required.level)},
            {"demand", to_text(o.required)},
            {"compared", t.compared},
            {"differing",
             {{"bits", t.bits_differ},
              {"values", t.values_differ},
              {"beyond_ulps", t.beyond_ulps},
              {"beyond_tol", t.beyond_tol},
              {"unmatched", t.unmatched}}},
            {"nan", {{"a", t.nan_a}, {"b", t.nan_b}}},
            {"infinite", {{"a", t.infinite_a}, {"b", t.infinite_b}}},
            {"missing", {{"a", t.absent_a}, {"b", t.absent_b}}},
            {"max_abs", t.max_abs},
            {"max_rel", t.max_rel},
            {"max_ulps", t.max_ulps},
            {"norm", {{"a", o.norm_a}, {"b", o.norm_b}, {"difference", o.norm_difference}}}};
  if (o.samples) {
    j["samples"] = {{"alpha", o.samples->alpha},
                    {"place_p", o.samples->place_p},
                    {"spread_p", o.samples->spread_p},
                    {"too_few", o.samples->too_few}};
  }
  if (o.first) j["first_difference"] = to_json(*o.first);
  if (o.failing) j["first_failing"] = to_json(*o.failing);
  j["reasons"] = o.reasons;
  return j;
}

}  // namespace

Json to_json(const GateReport& report) {
  Json observables = Json::array();
  for (const ObservableReport& o : report.observables) observables.push_back(to_json(o));
  return {{"gate", report.gate},
          {"verdict", word(report.verdict)},
          {"level", rung(report.level)},
          {"required", rung(report.required)},
          {"bytes_equal", report.bytes_equal},
          {"observables", observables},
          {"blockers", report.blockers}};
}

Json to_json(const Proof& proof) {
  Json kills = Json::array();
  for (const Kill& k : proof.kills) {
    kills.push_back({{"fault", k.fault},
                     {"observable", k.observable},
                     {"place", k.place},
                     {"verdict", word(k.verdict)},
                     {"caught", k.caught},
                     {"reason", k.reason}});
  }
  return {{"fit", proof.fit}, {"control", word(proof.control)}, {"seed", proof.seed}, {"kills", kills}};
}

}  // namespace assay::gate
