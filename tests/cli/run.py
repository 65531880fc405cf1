#!/usr/bin/env python3
"""Runs the command-line cases: what a person types, and what that person sees.

A case is a folder tests/cli/<verb>/<case>/ without code:

  cmd      a bash script; `assay` is the program under test. The last command's status counts
  stdout   expected standard output (missing: must be empty)
  stderr   expected standard error (missing: must be empty)
  exit     expected exit status (missing: 0)
  others   input files; the case runs in a temporary copy of its folder, so it may write

Lines of stdout and stderr are compared exactly, with two exceptions for text that changes from run to run:

  re:REGEX   one line that REGEX matches as a whole
  ...        any number of lines, none included

{version} in an expectation stands for the program's version. Exit status of this runner: 0 all cases hold, 1 one does
not, 2 usage, 4 there was no case to run.
"""
# SPDX-License-Identifier: MIT
import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXPECTATIONS = ("cmd", "stdout", "stderr", "exit")
TIMEOUT_SECONDS = 120


def clean_environment(program: Path, home: Path) -> dict:
    """Nothing of the caller's shell reaches a case (colour, locale, settings), sanitizer options excepted."""
    env = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    env.update(PATH=f"{program.parent}:/usr/local/bin:/usr/bin:/bin", HOME=str(home), LANG="C.UTF-8", TERM="dumb",
               TZ="UTC", COLUMNS="100")
    return env


def lines_of(text: str) -> list:
    """A missing last newline is a line of its own, so that it shows and can be expected."""
    lines = text.split("\n")
    last = lines.pop()
    return lines if last == "" else lines + [last, "\\ no newline at the end"]


def line_matches(pattern: str, line: str) -> bool:
    return re.fullmatch(pattern[3:], line) is not None if pattern.startswith("re:") else pattern == line


def matches(expected: list, found: list) -> bool:
    """`reachable` holds the numbers of found lines that the patterns so far can have used up."""
    reachable = {0}
    for pattern in expected:
        if pattern == "...":
            reachable = set(range(min(reachable), len(found) + 1)) if reachable else set()
        else:
            reachable = {i + 1 for i in reachable if i < len(found) and line_matches(pattern, found[i])}
    return len(found) in reachable


class Case:
    def __init__(self, folder: Path, program: Path, version: str):
        self.folder, self.program, self.version = folder, program, version
        self.name = f"{folder.parent.name}/{folder.name}"

    def expected(self, what: str) -> str:
        path = self.folder / what
        return path.read_text(encoding="utf-8").replace("{version}", self.version) if path.exists() else ""

    def run(self) -> dict:
        with tempfile.TemporaryDirectory(prefix="assay-cli.") as scratch:
            work = Path(scratch) / "case"
            shutil.copytree(self.folder, work, ignore=shutil.ignore_patterns(*EXPECTATIONS))
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", (self.folder / "cmd").read_text(encoding="utf-8")],
                                  cwd=work, env=clean_environment(self.program, Path(scratch)),
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
        return {"stdout": done.stdout.decode("utf-8", errors="backslashreplace"),
                "stderr": done.stderr.decode("utf-8", errors="backslashreplace"),
                "exit": str(done.returncode)}

    def differences(self, found: dict) -> list:
        report = []
        status = self.expected("exit").strip() or "0"
        if found["exit"] != status:
            report.append(f"exit: expected {status}, found {found['exit']}")
        for stream in ("stdout", "stderr"):
            expected, lines = lines_of(self.expected(stream)), lines_of(found[stream])
            if not matches(expected, lines):
                report += difflib.unified_diff(expected, lines, f"expected {stream}", f"found {stream}", lineterm="")
        return report

    def accept(self, found: dict) -> None:
        """Rewrites what differs; a stream whose placeholders still hold is left as it is."""
        for what in ("stdout", "stderr", "exit"):
            path = self.folder / what
            if what == "exit":
                text = "" if found["exit"] == "0" else found["exit"] + "\n"
            elif matches(lines_of(self.expected(what)), lines_of(found[what])):
                continue
            else:
                text = found[what]
            if text:
                path.write_text(text, encoding="utf-8")
            else:
                path.unlink(missing_ok=True)


def select(root: Path, names: list) -> list:
    """The case folders that the names ask for: all, those of a verb, or one case."""
    folders = sorted(path.parent for path in root.glob("*/*/cmd"))
    wanted = [f for f in folders if not names or f.parent.name in names or f"{f.parent.name}/{f.name}" in names]
    known = {f.parent.name for f in folders} | {f"{f.parent.name}/{f.name}" for f in folders}
    for name in names:
        if name not in known:
            sys.exit(f"error: cli: no case \"{name}\" under {root} (a case is <verb>/<case>/cmd)")
    return wanted


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True, help="the assay executable under test")
    parser.add_argument("--cases", type=Path, default=Path(__file__).resolve().parent, help="folder of <verb>/<case>/")
    parser.add_argument("--accept", action="store_true", help="write what was found as the new expectation")
    parser.add_argument("names", nargs="*", help="verbs or verb/case; default: all")
    args = parser.parse_args()
    program = args.program.resolve()
    if not os.access(program, os.X_OK):
        print(f"error: cli: {program} is no executable; build it first", file=sys.stderr)
        return 2
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.split()
    cases = [Case(folder, program, version[-1] if version else "") for folder in select(args.cases, args.names)]
    failed = 0
    for case in cases:
        try:
            found = case.run()
        except subprocess.TimeoutExpired:
            report = [f"no end after {TIMEOUT_SECONDS} s"]
        else:
            report = case.differences(found)
            if report and args.accept:
                case.accept(found)
                print(f"accepted  {case.name}")
                continue
        failed += bool(report)
        print(f"{'FAILED' if report else 'ok':9} {case.name}")
        print("".join(f"    {line}\n" for line in report), end="")
    print(f"{len(cases) - failed} of {len(cases)} command-line cases hold")
    return 4 if not cases else 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
