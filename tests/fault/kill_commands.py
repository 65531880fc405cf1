#!/usr/bin/env python3
"""Kills scans of external programs with SIGKILL, the manager or one of its programs, at random moments, and resumes them: the
artifact must have the content digest of an undisturbed run and its CSV file the same bytes, and no program may be left.

  kill_commands.py --program ASSAY [--kills N] [--seed S]

Also: --resume right after a kill is not refused; one SIGINT or SIGTERM ends the programs and keeps the journal, two end everything at once; a program that starts others in
the background leaves none of them.
Exit status: 0 all held, 1 something did not.
"""
# SPDX-License-Identifier: MIT
import os
import random
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from harness import contents, fail, options_of, processes

TASKS = 60


def programs(marker):
    """Process ids whose command line holds the marker: the programs of the scan, not the scan itself."""
    return [p.id for p in processes(lambda p: marker in p.words and p.words[0] in ("sh", "sleep"))]


class Scan:
    def __init__(self, program, marker, script, tasks=TASKS):
        self.program, self.marker, self.script, self.tasks = program, marker, script, tasks

    def command(self, folder, *more):
        return [self.program, "scan", "--axis", f"x=1:{self.tasks}", "--out", str(folder), "--jobs", "4", "--quiet", *more,
                "--retries", "9", "--", "sh", "-c", self.script, self.marker, "{x}"]

    def start(self, folder, *more):
        return subprocess.Popen(self.command(folder, *more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def run(self, folder, *more):
        return subprocess.run(self.command(folder, *more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def expect_no_programs(self, when):
        for _ in range(500):
            left = programs(self.marker)
            if not left:
                return
            time.sleep(0.01)
        fail(f"{when}: programs are left: {left}")


def resumed_at_once(program, root):
    """The first program kills its manager, whose guardian has only just been made; nobody waits before --resume."""
    for number in range(20):
        folder, marker = root / f"once{number}", root / f"once{number}.killed"
        scan = Scan(program, "sh", f"test -e {marker} || {{ touch {marker}; kill -9 $PPID; }}; echo $1", 4)
        process = scan.start(folder)
        while not marker.exists():
            time.sleep(0.001)
        result = scan.run(folder, "--resume")
        process.communicate()
        if result.returncode != 0:
            fail(f"--resume right after kill -9: exit {result.returncode}: {result.stderr}")
    print("--resume right after kill -9, 20 times: none was refused")


def kill_and_resume(scan, root, want, kills, chance, took):
    done = rounds = of_programs = 0
    while done < kills:
        rounds += 1
        folder = root / f"killed{rounds}"
        more = []
        while True:
            process = scan.start(folder, *more)
            time.sleep(chance.uniform(0, took))
            victims = programs(scan.marker) if chance.random() < 0.5 else []
            if process.poll() is not None:
                process.communicate()
                break
            try:
                os.kill(chance.choice(victims) if victims else process.pid, signal.SIGKILL)
                of_programs += bool(victims)
                done += 1
            except ProcessLookupError:
                pass  # that program had just ended
            if not victims:
                process.communicate()
                scan.expect_no_programs("the manager was killed")
            elif process.wait() not in (0,):
                fail(f"a program was killed: exit {process.returncode}: {process.stderr.read()}")
            more = ["--resume"]
        result = scan.run(folder, "--resume")
        if result.returncode != 0:
            fail(f"resume after kills: exit {result.returncode}: {result.stderr}")
        if contents(folder) != want:
            fail(f"round {rounds}: the table differs from that of the undisturbed run")
    print(f"{done} kills ({of_programs} of programs) in {rounds} runs: every table equals the undisturbed one, no program is left")


def signals(program, root, marker):
    # The program starts another one in the background and ignores the polite signal.
    stubborn = Scan(program, marker, "trap '' TERM INT; sleep 600 & sleep 600", 8)
    for how in (signal.SIGINT, signal.SIGTERM):
        folder = root / how.name
        process = stubborn.start(folder, "--overwrite")
        while len(programs(marker)) < 2:
            time.sleep(0.01)
        process.send_signal(how)
        process.wait(timeout=60)
        if process.returncode != 128 + how:
            fail(f"{how.name}: exit {process.returncode}: {process.stderr.read()}")
        stubborn.expect_no_programs(how.name)
        if not (folder / "scan.journal").exists():
            fail(f"{how.name}: no journal")
    process = stubborn.start(root / "twice")
    while len(programs(marker)) < 2:
        time.sleep(0.01)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)
    if process.returncode != 128 + signal.SIGINT:
        fail(f"two signals: exit {process.returncode}")
    stubborn.expect_no_programs("two signals")
    print(f"signals: clean; two of them ended everything in {time.monotonic() - start:.2f} s")


def with_tag(tag):
    """Process ids and names of all that have inherited a variable of this value, whatever they have become."""
    return {p.id: p.name
            for p in processes(lambda p: p.variables.get("ASSAY_TEST_TAG") == tag)}


def orphans(program):
    """A manager that is killed, alone or with its whole process group, leaves nothing: neither its programs nor what they have
    started, nor the guardian that sees to it."""
    tree = "sleep 600 & (sleep 600; true) & sh -c 'sleep 600 & wait' & sleep 600"
    for number, whole_group in enumerate((False, True, False, True)):
        tag = f"{os.getpid()}-{number}"
        process = subprocess.Popen([program, "scan", "--axis", "x=1:8", "--jobs", "3", "--quiet", "--", "sh", "-c", tree, "{x}"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                                   env=os.environ | {"ASSAY_TEST_TAG": tag})
        while sum(name == "sleep" for name in with_tag(tag).values()) < 12:
            time.sleep(0.01)
        if whole_group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        for _ in range(1000):
            left = with_tag(tag)
            if not left:
                break
            time.sleep(0.01)
        else:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            fail(f"a killed manager leaves {left}")
    tag = f"{os.getpid()}-end"
    done = subprocess.run([program, "scan", "--axis", "x=1:8", "--quiet", "--", "sh", "-c", "sleep 600 & echo 1", "{x}"],
                          stdout=subprocess.DEVNULL, env=os.environ | {"ASSAY_TEST_TAG": tag})
    for _ in range(1000):
        if not with_tag(tag):
            break
        time.sleep(0.01)
    if done.returncode != 0 or with_tag(tag):
        fail(f"an ordinary end: exit {done.returncode}, left {with_tag(tag)}")
    print("a killed manager leaves no process")


def main():
    options = options_of(__doc__, "program", kills=30, seed=True)
    chance = random.Random(options.seed)
    marker = f"assay-kill-test-{os.getpid()}"
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        os.chdir(root)  # in a repository somebody's edit would change what the artifacts say of its state
        scan = Scan(options.program, marker, 'sleep 0.02; echo "$(($1 * $1))"')
        start = time.monotonic()
        result = scan.run(root / "undisturbed")
        took = time.monotonic() - start
        if result.returncode != 0:
            fail(f"the undisturbed scan: exit {result.returncode}: {result.stderr}")
        kill_and_resume(scan, root, contents(root / "undisturbed"), options.kills, chance, took)
        resumed_at_once(options.program, root)
        signals(options.program, root, marker + "-signals")
        orphans(options.program)
    print("all held")


if __name__ == "__main__":
    main()
