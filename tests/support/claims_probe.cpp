// claims_probe FILE...: one JSON line for each candidate of the claim finder, with its features.
// scripts/score-claims and scripts/train-claims read it; it is no part of the product.
// SPDX-License-Identifier: MIT
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "claims/finder.hpp"
#include "claims/markdown.hpp"

using namespace assay::claims;

int main(int argc, char** argv) {
  const auto finder = builtin_finder();
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    if (!in) return std::cerr << "claims_probe: cannot read " << argv[i] << '\n', 2;
    std::stringstream bytes;
    bytes << in.rdbuf();
    const Document d = read_markdown(argv[i], bytes.str());
    const LineIndex lines(d.source);
    for (const Candidate& c : finder->candidates(d)) {
      nlohmann::json j;
      const auto begin = d.source_offset(c.core.begin), end = d.source_offset(c.core.end - 1);
      j["file"] = argv[i];
      j["class"] = name_of(c.claim);
      j["polarity"] = name_of(c.polarity);
      j["p"] = probability(c.log_odds);
      j["z"] = c.log_odds;
      j["rule"] = c.rule;
      j["line"] = lines.at(begin).line;
      j["line_end"] = lines.at(end).line;
      j["sentence_begin"] = d.source_offset(c.sentence.begin);
      j["sentence_end"] = d.source_offset(c.sentence.end - 1) + 1;
      j["text"] = d.view(c.core);
      j["sentence"] = d.view(c.sentence);
      j["scoped_by"] = c.scoped_by;
      for (const auto& q : c.figures)
        j["figures"].push_back({name_of(q.comparator), q.low, q.high, q.unit, name_of(q.kind)});
      for (const auto f : c.features) j["features"].push_back(finder->features().name(f));
      std::cout << j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    }
  }
}
