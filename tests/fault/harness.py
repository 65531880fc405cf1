"""What the scripts of this folder share: how they fail, read their options, wait for a run and look at processes."""
# SPDX-License-Identifier: MIT
import argparse
import json
import subprocess
import sys
from functools import cached_property
from pathlib import Path


def fail(message):
    print(f"FAILED: {message}")
    sys.exit(1)


def options_of(about, *paths, seed=False, **numbers):
    """The parsed options: a required --NAME for each of `paths`, made absolute; of each number, with its default; --seed."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in paths:
        parser.add_argument(f"--{name}", required=True, type=lambda path: str(Path(path).resolve()))
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    if seed:
        parser.add_argument("--seed", type=int, default=20261121)
    options = parser.parse_args()
    if seed:
        print(f"seed {options.seed}")
    return options


def finish(process, when, seconds=120, code=0, hint=lambda: ""):
    """Waits for a run and returns its standard error; a run that hangs or ends otherwise than with `code` fails the test."""
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        fail(f"{when}: it hangs {hint()}")
    if process.returncode != code:
        fail(f"{when}: exit {process.returncode} instead of {code}: {said}")
    return said


def digest(folder):
    return json.loads((folder / "scan.json").read_text())["content_sha256"]


def contents(folder):
    """What a resumed run must give again: the artifact's content digest and the bytes of its CSV file."""
    return digest(folder), (folder / "scan.csv").read_bytes()


class Process:
    """A process that has not ended, as /proc shows it."""

    def __init__(self, entry):
        self.id = int(entry.name)
        before, after = (entry / "stat").read_text().rsplit(")", 1)
        self.name = before.split("(", 1)[1]
        state, parent = after.split()[:2]
        if state == "Z":
            raise ProcessLookupError(self.id)
        self.parent = int(parent)
        self.words = [word.decode(errors="replace") for word in (entry / "cmdline").read_bytes().split(b"\0")]
        self.entry = entry

    @cached_property
    def variables(self):
        pairs = (self.entry / "environ").read_bytes().decode(errors="replace").split("\0")
        return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def alive(process_id):
    try:
        return Process(Path("/proc") / str(process_id)) is not None
    except OSError:
        return False


def processes(wanted):
    """The processes for which `wanted(process)` holds; one that ends meanwhile, or may not be looked at, is none of them."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and wanted(process := Process(entry)):
                found.append(process)
        except OSError:
            continue
    return found
