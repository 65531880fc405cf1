#!/usr/bin/env python3
"""Commands that are MPI programs on several ranks each: the same table on every engine that starts them, and no rank left
when a task is out of time, the run is interrupted or killed.

  mpi_commands.py --program ASSAY --task PROGRAM

PROGRAM is mpi_task. Exit status: 0 all held, 1 something did not.
"""
# SPDX-License-Identifier: MIT
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from harness import fail, finish, options_of, processes

TASKS = 4
LIMIT_SECONDS = 120


class Scan:
    def __init__(self, program, task):
        self.program, self.task = program, task

    def start(self, folder, *more, sleep=()):
        return subprocess.Popen([self.program, "scan", "--axis", f"x=1:{TASKS}", "--set", "command.ranks=3", "--out", str(folder), "--quiet",
                                 "--observe", r"ranks=regex:(\S+) \S+", "--observe", r"sum=regex:\S+ (\S+)", *more,
                                 "--", self.task, "{x}", *sleep], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def ranks(self):
        return [p for p in processes(lambda p: p.words[0] == self.task) if os.environ["TAG"] == p.variables.get("TAG")]

    def wait_for_ranks(self, process):
        deadline = time.monotonic() + LIMIT_SECONDS
        while len(self.ranks()) < 3:
            if process.poll() is not None or time.monotonic() > deadline:
                fail(f"no ranks are there: {process.stderr.read()}")
            time.sleep(0.02)

    def expect_none(self, when):
        deadline = time.monotonic() + 30
        while self.ranks():
            if time.monotonic() > deadline:
                fail(f"{when}: ranks are left: {[p.id for p in self.ranks()]}")
            time.sleep(0.05)


def table(folder):
    return re.sub(",(workers|process)", ",serial", (folder / "scan.csv").read_text())


def run(scan, root):
    finish(scan.start(root / "process", "--jobs", "3"), "engine process", LIMIT_SECONDS)
    want = table(root / "process")
    for x in range(1, TASKS + 1):
        if f"{x},ok,,3,{6 * x}," not in want.replace(".0", ""):
            fail(f"three ranks give {6 * x} at {x}, found: {want}")
    finish(scan.start(root / "workers", "--engine", "workers", "--workers", "2"), "engine workers", LIMIT_SECONDS)
    if table(root / "workers") != want:
        fail(f"engine workers gives another table: {table(root / 'workers')}")
    print("three ranks a task: the same table on process and workers")

    finish(scan.start(root / "late", "--task-time", "1", "--only", "0", sleep=("60",)), "out of time", LIMIT_SECONDS, code=5)
    scan.expect_none("a task out of time")

    process = scan.start(root / "interrupted", sleep=("60",))
    scan.wait_for_ranks(process)
    process.send_signal(signal.SIGINT)
    finish(process, "interrupted", LIMIT_SECONDS, code=128 + signal.SIGINT)
    scan.expect_none("an interrupted run")

    process = scan.start(root / "killed", sleep=("60",))
    scan.wait_for_ranks(process)
    process.kill()
    process.communicate()
    scan.expect_none("a killed run")
    print("out of time, interrupted, killed: no rank is left")


def main():
    options = options_of(__doc__, "program", "task")
    os.environ["TAG"] = f"mpi_commands-{os.getpid()}"
    with tempfile.TemporaryDirectory() as temporary:
        run(Scan(options.program, options.task), Path(temporary))
    print("all held")


if __name__ == "__main__":
    main()
