#!/usr/bin/env python3
"""Kills a scan with SIGKILL at random moments and resumes it until it is done: the artifact must have the content digest
of an undisturbed run, and its CSV file the same bytes.

  kill_resume.py --program ASSAY [--kills N] [--steps N] [--seed S]

Also: SIGINT and SIGTERM leave a journal and exit with 128+n; a second process on the same folder, a journal of another plan,
a read-only folder and a folder that is already done are answered, not corrupted.
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

from harness import contents, fail, options_of

CONFIG = """workload = "formula"
[variables]
x = 1.0
y = 1.0
[formula]
f = "exp(sin(x)) / (1 + y^2)"
g = "x - y"
[scan.axes]
x = "0:3:{steps}"
y = "0:1:{steps}"
"""


class Scan:
    def __init__(self, program, config):
        self.program, self.config = program, config

    def command(self, folder, *more):
        return [self.program, "scan", str(self.config), "--out", str(folder), "--threads", "2", "--quiet", *more]

    def run(self, folder, *more):
        return subprocess.run(self.command(folder, *more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def interrupted(self, folder, after, how, *more):
        """Starts, waits, signals; the exit status as the shell would show it, or None when it was already done."""
        process = subprocess.Popen(self.command(folder, *more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(after)
        done = process.poll() is not None
        process.send_signal(how)
        process.communicate()
        status = process.returncode
        return None if done else 128 - status if status < 0 else status


def main():
    options = options_of(__doc__, "program", kills=30, steps=200, seed=True)
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        config = root / "scan.toml"
        config.write_text(CONFIG.replace("{steps}", str(options.steps)))
        scan = Scan(options.program, config)

        start = time.monotonic()
        undisturbed = root / "undisturbed"
        result = scan.run(undisturbed)
        took = time.monotonic() - start
        if result.returncode != 0:
            fail(f"the undisturbed scan: exit {result.returncode}: {result.stderr}")
        want = contents(undisturbed)

        kills = rounds = 0
        while kills < options.kills:
            rounds += 1
            folder = root / f"killed{rounds}"
            more = []
            while True:
                status = scan.interrupted(folder, chance.uniform(0, took), signal.SIGKILL, *more)
                more = ["--resume"]
                if status is None:
                    break
                kills += 1
            result = scan.run(folder, "--resume")
            if result.returncode != 0:
                fail(f"resume after kills: exit {result.returncode}: {result.stderr}")
            if contents(folder) != want:
                fail(f"round {rounds}: the artifact or the CSV file differs from the undisturbed one")
            left = sorted(p.name for p in folder.iterdir() if ".assay-" in p.name)
            if left:
                fail(f"round {rounds}: temporary files stay behind: {left}")
        print(f"{kills} kills in {rounds} runs: every artifact equals the undisturbed one")

        for how in (signal.SIGINT, signal.SIGTERM):
            status = None
            for attempt in range(20):  # a fast machine may have finished before the signal comes
                folder = root / f"{how.name}{attempt}"
                status = scan.interrupted(folder, chance.uniform(0.02, took / 2), how)
                if status is not None and not (folder / "scan.json").exists():
                    break
            if status != 128 + how:
                fail(f"{how.name}: exit {status}, expected {128 + how}")
            if scan.run(folder, "--resume").returncode != 0 or contents(folder) != want:
                fail(f"{how.name}: resume did not finish the run")

        again = scan.run(undisturbed)
        if again.returncode != 2 or "--resume" not in again.stderr:
            fail(f"a folder that holds a run: exit {again.returncode}: {again.stderr}")
        other = scan.run(undisturbed, "--resume", "--axis", "x=11,12,13")
        if other.returncode != 2:
            fail(f"a journal of another plan: exit {other.returncode}: {other.stderr}")
        if scan.run(undisturbed, "--resume").returncode != 0 or contents(undisturbed) != want:
            fail("resume of a finished run changed it")

        first = subprocess.Popen(scan.command(root / "shared"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(min(0.1, took / 4))
        second = scan.run(root / "shared", "--resume")
        alive = first.poll() is None
        first.wait()
        if alive and (second.returncode not in (2, 3) or str(first.pid) not in second.stderr):
            fail(f"a second process on the same folder: exit {second.returncode}: {second.stderr}")
        if contents(root / "shared") != want:
            fail("a second process on the same folder damaged the first one's artifact")

        if Path("/dev/full").exists() and os.geteuid() == 0:
            mount = root / "small"
            mount.mkdir()
            if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(mount)], stderr=subprocess.DEVNULL).returncode == 0:
                full = scan.run(mount / "run")
                subprocess.run(["mount", "-o", "remount,size=64m", str(mount)], check=True)
                resumed = scan.run(mount / "run", "--resume")
                same = resumed.returncode == 0 and contents(mount / "run") == want
                subprocess.run(["umount", str(mount)], check=True)
                if full.returncode != 3 or "space" not in full.stderr.lower():
                    fail(f"a full disk: exit {full.returncode}: {full.stderr}")
                if not same:
                    fail(f"resume after a full disk: exit {resumed.returncode}: {resumed.stderr}")
            else:
                print("skipped: a full disk (no right to mount a tmpfs here)")
    print("all held")


if __name__ == "__main__":
    main()
