"""What scripts/score-claims and scripts/train-claims share: reading a labelled corpus, running the probe, fitting the
linear model (Python standard library only).

SPDX-License-Identifier: MIT
"""
import collections
import json
import math
import pathlib
import re
import subprocess
import tomllib

CLASSES = ("speed", "capability-accelerator", "capability-distributed", "capability-parallel",
           "boundary", "packaging", "identity", "status")
FIGURE_CLASSES = ("speed", "identity")


def read_labels(corpus, name="dev"):
    with open(pathlib.Path(corpus) / (name + ".jsonl"), encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def locate(source, label):
    """Byte range of a label's words in the stored text, or of its lines where the words are not found."""
    starts = [0]
    for line in source.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    begin, end = starts[label["line"] - 1], starts[min(label["line_end"], len(starts) - 1)]
    words = label["text"].rstrip("…").rstrip(".").split()
    wide = starts[max(0, label["sentence_lines"][0] - 1)], starts[min(label["sentence_lines"][1], len(starts) - 1)]
    pattern = rb"[\s>]+".join(re.escape(w.encode()) for w in words)
    for lo, hi in ((begin, end), wide):
        found = re.search(pattern, source[lo:hi])
        if found:
            return lo + found.start(), lo + found.end()
    return begin, end


def run_probe(probe, files):
    out = subprocess.run([probe, *map(str, files)], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


class Corpus:
    def __init__(self, path, probe, name="dev"):
        self.path = pathlib.Path(path)
        self.labels = read_labels(path, name)
        files = sorted({label["file"] for label in self.labels})
        self.repo = {label["file"]: label["repo"] for label in self.labels}
        self.source = {f: (self.path / f).read_bytes() for f in files}
        for label in self.labels:
            label["range"] = locate(self.source[label["file"]], label)
        self.candidates = run_probe(probe, [self.path / f for f in files])
        for c in self.candidates:
            c["file"] = str(pathlib.Path(c["file"]).relative_to(self.path))
        self.by_file = collections.defaultdict(list)
        for label in self.labels:
            self.by_file[label["file"]].append(label)
        for c in self.candidates:
            self.judge(c)

    def judge(self, c):
        """target: 1 a claim of this class, 0 not; weight: how much the pair teaches."""
        over = [l for l in self.by_file[c["file"]]
                if l["range"][0] < c["sentence_end"] and c["sentence_begin"] < l["range"][1]]
        asserted = [l for l in over if l["polarity"] == "asserted" and not l["optional"]]
        c["target"], c["weight"] = 0, 1.0
        if any(l["class"] == c["class"] for l in asserted):
            c["target"] = 1
        elif any(l["optional"] for l in over):
            c["weight"] = 0.0
        elif asserted:  # a claim, but of another class: a finding here is no false alarm
            c["weight"] = 0.1


def priors(rules):
    """Prior weights of features: [prior] of model.toml and the weights of the trigger rules."""
    rules = pathlib.Path(rules)
    model = tomllib.loads((rules / "model.toml").read_text(encoding="utf-8"))
    FIXED.update(model.get("fixed", []))
    prior = dict(model.get("prior", {}))
    for pack in rules.glob("*.toml"):
        for rule in tomllib.loads(pack.read_text(encoding="utf-8")).get("rule", []):
            if rule.get("role", "trigger") == "trigger":
                prior["rule." + rule["id"]] = float(rule.get("weight", 1.0))
    return float(model.get("prior_bias", -1.8)), prior


FIXED = set()


def penalty(feature):
    """How strongly a weight is held at its prior: by as much as six claims that say otherwise."""
    return 1e4 if feature in FIXED else 6.0


def fit(samples, prior_bias, prior, steps=200):
    """Weights that minimise the log loss plus the squared distance from the priors (maximum a posteriori), by
    gradient descent with a step per coordinate. Deterministic."""
    names = sorted({f for c in samples for f in c["features"]})
    index = {n: i for i, n in enumerate(names)}
    rows = [([index[f] for f in c["features"]], c["target"], c["weight"]) for c in samples if c["weight"] > 0]
    start = [prior.get(n, 0.0) for n in names]
    hold = [penalty(n) for n in names]
    weights, bias = list(start), prior_bias
    count = [h for h in hold]
    for active, _, weight in rows:
        for i in active:
            count[i] += 0.25 * weight * max(1, len(active)) ** 0.5
    total = sum(w for _, _, w in rows)
    for step in range(steps):
        gradient = [h * (w - s) for h, w, s in zip(hold, weights, start)]
        bias_gradient = 0.0
        for active, target, weight in rows:
            z = bias
            for i in active:
                z += weights[i]
            error = (1 / (1 + math.exp(-z)) if z > -500 else 0.0) - target
            error *= weight
            bias_gradient += error
            for i in active:
                gradient[i] += error
        rate = 0.5
        for i, g in enumerate(gradient):
            weights[i] -= rate * g / count[i]
        bias -= rate * bias_gradient / (0.25 * total * 2)
    return bias, dict(zip(names, weights))


def score(candidate, bias, weights, prior):
    z = bias + sum(weights.get(f, prior.get(f, 0.0)) for f in candidate["features"])
    return 1 / (1 + math.exp(-z)) if z > -500 else 0.0
