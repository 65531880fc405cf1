#!/usr/bin/env python3
"""Kills, freezes and thaws the ranks of a scan on engine mpi, its manager and its launcher: the table must be the serial one, at
once or after --resume, the exit code must say what happened, no process may be left, and nothing may hang.

  kill_ranks.py --program ASSAY [--seed S]

Exit status: 0 all held, 1 something did not, 77 there is no assay-mpi beside the program, or no mpirun.
"""
# SPDX-License-Identifier: MIT
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import harness
from harness import fail, options_of, processes

TASKS = 48
LIMIT_SECONDS = 90
MARK = "ASSAY_TEST_RUN"


def ours():
    """{process id: (rank, or a name)} of every process that this test has started, but for those that have ended."""
    found = {}
    for process in processes(lambda p: p.id != os.getpid() and len(p.words) > 1 and p.variables.get(MARK) == str(os.getpid())):
        name, rank = os.path.basename(process.words[0]), process.variables.get("OMPI_COMM_WORLD_RANK")
        found[process.id] = int(rank) if name == "assay-mpi" and rank is not None else name
    return found


def is_no_guardian(process):
    """A rank's second process, which ends its programs with it, looks like it; its parent is the rank."""
    parent = (Path("/proc") / str(process) / "stat").read_text().rsplit(")", 1)[1].split()[1]
    return b"assay-mpi" not in (Path("/proc") / parent / "cmdline").read_bytes().split(b"\0")[0]


def expect_gone(when):
    deadline = time.monotonic() + 20
    while left := ours():
        if time.monotonic() > deadline:
            fail(f"{when}: processes are left: {left}")
        time.sleep(0.05)


class Scan:
    def __init__(self, program, root):
        self.program, self.root = program, root
        self.environment = os.environ | {MARK: str(os.getpid())}

    def start(self, name, *more, engine="mpi", ranks=4, task_seconds=0.03):
        command = [self.program, "scan", "--axis", f"x=1:{TASKS}", "--out", str(self.root / name), "--engine", engine,
                   "--set", "engine.silence=1", "--quiet", *more]
        command += ["--ranks", str(ranks)] if engine == "mpi" else []
        command += ["--", "sh", "-c", 'sleep "$TASK_SECONDS"; echo "$(($1 * $1))"', "sh", "{x}"]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                env=dict(self.environment, TASK_SECONDS=str(task_seconds)))

    def table(self, name):
        return (self.root / name / "scan.csv").read_text().replace(",mpi", ",serial")

    def done(self, name):
        journal = self.root / name / "scan.journal"
        return len(journal.read_bytes().splitlines()) - 1 if journal.exists() else 0


def finish(process, when, code=0):
    said = harness.finish(process, when, LIMIT_SECONDS, code, hint=ours)
    expect_gone(when)
    return said


def wait_until_working(scan, name, process):
    """Some tasks are done and some are not."""
    while scan.done(name) < 5:
        if process.poll() is not None:
            fail(f"{name}: it ended before it could be struck: {process.stderr.read()}")
        time.sleep(0.01)


def strike(scan, name, who, how, *more, task_seconds=0.03):
    """Starts a scan, and does it to the processes whose rank or name is `who` once it works."""
    process = scan.start(name, *more, task_seconds=task_seconds)
    wait_until_working(scan, name, process)
    victims = [p for p, is_a in ours().items() if is_a in who and is_no_guardian(p)]
    if not victims:
        fail(f"{name}: no victim among {ours()}")
    for victim in victims:
        os.kill(victim, how)
    return process


def resume(scan, name, want):
    finish(scan.start(name, "--resume"), f"{name}: resume")
    if scan.table(name) != want:
        fail(f"{name}: the resumed table differs from the serial one")


def any_number_of_ranks(scan, want):
    for ranks, batching in ((1, "dynamic"), (2, "dynamic"), (3, "fixed"), (4, "dynamic")):
        name = f"ranks{ranks}{batching}"
        finish(scan.start(name, "--set", f"engine.batching={batching}", ranks=ranks), name)
        if scan.table(name) != want:
            fail(f"{name}: the table differs from the serial one")
    print("1 to 4 ranks, both ways of sharing out: the serial table")


def surviving(scan, want, chance):
    for name, how in (("killed", [signal.SIGKILL]), ("frozen", [signal.SIGSTOP]), ("thawed", [signal.SIGSTOP, signal.SIGCONT])):
        process = strike(scan, name, [chance.choice((1, 2, 3))], how[0], "--survive")
        if len(how) > 1:
            time.sleep(1.3)  # longer than the silence that is allowed
            for victim, is_a in ours().items():
                if is_a in (1, 2, 3) and is_no_guardian(victim):
                    os.kill(victim, how[1])
        finish(process, f"a rank is {name}, the others survive")
        if scan.table(name) != want:
            fail(f"a rank is {name}: the table differs from the serial one")
    said = finish(strike(scan, "all", (1, 2, 3), signal.SIGKILL, "--survive", task_seconds=0.2), "all workers are killed", 3)
    if "every worker was lost" not in said or "--resume" not in said:
        fail(f"all workers are killed: it says {said}")
    resume(scan, "all", want)
    print("--survive: a rank killed, frozen, thawed: the serial table; all killed: exit 3, and --resume ends it")


def plain(scan, want):
    # Slow tasks: mpirun takes a while to see it, and the other ranks may be through by then.
    said = finish(strike(scan, "plain-kill", (2,), signal.SIGKILL, task_seconds=0.5), "a rank is killed, plain", 3)
    if "the ranks ended before the run did" not in said:
        fail(f"a rank is killed, plain: it says {said}")
    resume(scan, "plain-kill", want)
    finish(strike(scan, "plain-freeze", (2,), signal.SIGSTOP), "a rank is frozen, plain")
    if scan.table("plain-freeze") != want:
        fail("a rank is frozen, plain: the table differs from the serial one")
    print("plain: a killed rank ends the run and --resume ends it well; a frozen one does not matter")


def from_above(scan, want):
    for name, who, more in (("manager", (0,), []), ("manager-survive", (0,), ["--survive"]),
                            ("mpirun", ("mpirun.openmpi", "mpirun"), []), ("mpirun-survive", ("mpirun.openmpi", "mpirun"), ["--survive"])):
        finish(strike(scan, name, who, signal.SIGKILL, *more, task_seconds=0.2), f"{name} is killed", 3)
        resume(scan, name, want)
    process = scan.start("parent", task_seconds=0.2)
    wait_until_working(scan, "parent", process)
    process.kill()
    process.communicate()
    expect_gone("the process that started mpirun is killed")
    resume(scan, "parent", want)
    for how in (signal.SIGINT, signal.SIGTERM):
        process = scan.start(how.name, task_seconds=0.2)
        wait_until_working(scan, how.name, process)
        process.send_signal(how)
        finish(process, how.name, 128 + how)
        resume(scan, how.name, want)
    print("manager, mpirun or its starter killed, SIGINT, SIGTERM: everything ends, and --resume gives the serial table")


def main():
    options = options_of(__doc__, "program", seed=True)
    mpirun = shutil.which("mpirun.openmpi") or shutil.which("mpirun")
    if not Path(options.program).with_name("assay-mpi").exists() or not mpirun:
        print("skipped: no assay-mpi beside the program, or no mpirun")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as temporary:
        scan = Scan(options.program, Path(temporary))
        finish(scan.start("serial", engine="serial"), "the serial scan")
        want = scan.table("serial")
        any_number_of_ranks(scan, want)
        surviving(scan, want, random.Random(options.seed))
        plain(scan, want)
        from_above(scan, want)
    print("all held")


if __name__ == "__main__":
    main()
