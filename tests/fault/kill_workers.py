#!/usr/bin/env python3
"""Kills, freezes and thaws the workers of a scan at random moments, and its manager: the table must be the serial one, no
process may be left, and nothing may hang.

  kill_workers.py --program ASSAY [--kills N] [--seed S]

Exit status: 0 all held, 1 something did not.
"""
# SPDX-License-Identifier: MIT
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from harness import alive, fail, finish, options_of, processes

TASKS = 80
LIMIT_SECONDS = 120


def workers_of(manager):
    """Process ids of the workers that a manager has started."""
    return [p.id for p in processes(lambda p: p.parent == manager and "worker" in p.words)]


def expect_gone(processes, when):
    deadline = time.monotonic() + 20
    while any(alive(p) for p in processes):
        if time.monotonic() > deadline:
            fail(f"{when}: workers are left: {[p for p in processes if alive(p)]}")
        time.sleep(0.01)


class Scan:
    def __init__(self, program):
        self.program = program

    def command(self, folder, engine, *more):
        return [self.program, "scan", "--axis", f"x=1:{TASKS}", "--out", str(folder), "--engine", engine, "--workers", "3",
                "--set", "engine.silence=1", "--quiet", *more, "--", "sh", "-c", 'sleep 0.02; echo "$(($1 * $1))"', "sh", "{x}"]

    def start(self, folder, engine, *more):
        return subprocess.Popen(self.command(folder, engine, *more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def table(folder):
    return (folder / "scan.csv").read_text().replace(",workers", ",serial")


def strike_workers(scan, root, want, strikes, chance):
    done, runs = 0, 0
    while done < strikes:
        runs += 1
        folder = root / f"struck{runs}"
        process = scan.start(folder, "workers")
        frozen = []
        while process.poll() is None:
            time.sleep(chance.uniform(0.02, 0.2))
            victims = workers_of(process.pid)
            if not victims or done >= strikes:
                continue
            victim, how = chance.choice(victims), chance.choice((signal.SIGKILL, signal.SIGSTOP, signal.SIGCONT))
            if how == signal.SIGCONT and frozen:
                victim = frozen.pop()
            try:
                os.kill(victim, how)
            except ProcessLookupError:
                continue
            if how == signal.SIGSTOP:
                frozen.append(victim)
            done += 1
        finish(process, f"run {runs} with workers killed and frozen")
        expect_gone(frozen, f"run {runs}")
        if table(folder) != want:
            fail(f"run {runs}: the table differs from the serial one")
    print(f"{done} workers killed, frozen or thawed in {runs} runs: every table is the serial one")


def kill_manager(scan, root, want, chance):
    folder, more, kills = root / "manager", [], 0
    while True:
        process = scan.start(folder, "workers", *more)
        more = ["--resume"]
        time.sleep(chance.uniform(0.1, 0.6))
        victims = workers_of(process.pid)
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        kills += 1
        expect_gone(victims, "the manager was killed")
    finish(process, "resume after the manager was killed")
    if table(folder) != want:
        fail("the resumed table differs from the serial one")
    print(f"the manager killed {kills} times: no worker is left, and the resumed table is the serial one")


def interrupt(scan, root):
    for how in (signal.SIGINT, signal.SIGTERM):
        folder = root / how.name
        process = scan.start(folder, "workers")
        while not (victims := workers_of(process.pid)):
            time.sleep(0.01)
        time.sleep(0.2)
        process.send_signal(how)
        process.communicate(timeout=LIMIT_SECONDS)
        if process.returncode != 128 + how:
            fail(f"{how.name}: exit {process.returncode}")
        expect_gone(victims, how.name)
        finish(scan.start(folder, "workers", "--resume"), f"resume after {how.name}")
    print("SIGINT and SIGTERM end the workers and keep the journal")


def spooled(scan, root, want, program):
    """Workers that nobody has started for the scan: one is killed, one frozen, and then the manager is killed."""
    def workers(spool, count):
        # One that is too late to meet the manager would wait for the next.
        return [subprocess.Popen([program, "worker", "--spool", str(spool), "--wait", "15s", "--quiet"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(count)]

    spool, folder = root / "spool", root / "spooled"
    process = scan.start(folder, "workers", "--spool", str(spool))
    three = workers(spool, 3)
    journal = folder / "scan.journal"
    while not journal.exists() or journal.read_bytes().count(b"\n") < 10:
        if process.poll() is not None:
            fail(f"the spooled scan ended: {process.stderr.read()}")
        time.sleep(0.01)
    three[0].kill()
    three[1].send_signal(signal.SIGSTOP)
    finish(process, "a spooled scan with a worker killed and one frozen")
    if table(folder) != want:
        fail("the spooled table differs from the serial one")
    three[1].send_signal(signal.SIGCONT)
    for worker in three:
        worker.communicate(timeout=LIMIT_SECONDS)

    folder = root / "swept"
    process = scan.start(folder, "workers", "--spool", str(spool))
    swept = workers(spool, 1)
    journal = folder / "scan.journal"
    while not journal.exists() or journal.read_bytes().count(b"\n") < 10:
        time.sleep(0.01)
    shutil.rmtree(spool, ignore_errors=True)
    swept[0].communicate(timeout=LIMIT_SECONDS)  # its folder has gone
    swept += workers(spool, 1)
    finish(process, "a scan whose spool was removed under way")
    swept[1].communicate(timeout=LIMIT_SECONDS)
    if table(folder) != want:
        fail("the table of a scan whose spool was removed differs from the serial one")

    folder = root / "orphans"
    process = scan.start(folder, "workers", "--spool", str(spool))
    two = workers(spool, 2)
    journal = folder / "scan.journal"
    while not journal.exists() or journal.read_bytes().count(b"\n") < 10:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    for worker in two:
        worker.communicate(timeout=LIMIT_SECONDS)  # a manager that says nothing has gone
    more = workers(spool, 2)
    finish(scan.start(folder, "workers", "--spool", str(spool), "--resume"), "resume over the spool")
    if table(folder) != want:
        fail("the table resumed over the spool differs from the serial one")
    for worker in more:
        worker.communicate(timeout=LIMIT_SECONDS)
        if worker.returncode != 0:
            fail(f"a spooled worker: exit {worker.returncode}")
    print("over a spool: a worker killed, one frozen, the spool removed, the manager killed: the serial table, and every worker ends "
          "by itself")


def main():
    options = options_of(__doc__, "program", kills=30, seed=True)
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        scan = Scan(options.program)
        finish(scan.start(root / "serial", "serial"), "the serial scan")
        want = table(root / "serial")
        strike_workers(scan, root, want, options.kills, chance)
        kill_manager(scan, root, want, chance)
        interrupt(scan, root)
        spooled(scan, root, want, options.program)
    print("all held")


if __name__ == "__main__":
    main()
