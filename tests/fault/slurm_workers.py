#!/usr/bin/env python3
"""Workers as jobs of a real Slurm on this machine, through a spool: a node dies, a job is cancelled, and the walltime of all of
them is too short. The table must be the serial one each time.

  slurm_workers.py --program ASSAY --cluster SCRIPT

SCRIPT is scripts/slurm-here. Exit status: 0 all held, 1 something did not, 77 there is no Slurm, or it does not start here.
"""
# SPDX-License-Identifier: MIT
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import fail, finish, options_of

TASKS = 40
LIMIT_SECONDS = 120


class Cluster:
    """A scan whose tasks sleep, and the jobs that work on it."""

    def __init__(self, program, script, root):
        self.program, self.script, self.root = program, script, root
        self.folder = root / "slurm"
        self.environment = dict(os.environ, SLURM_CONF=str(self.folder / "slurm.conf"), TASK_SECONDS="0.05")

    def here(self, *words):
        return subprocess.run([self.script, *words, str(self.folder)], capture_output=True, text=True, check=False)

    def slurm(self, *words):
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, check=True).stdout.strip()

    def submit(self, jobs, *more):
        spool = self.root / "spool"
        work = f"exec '{self.program}' worker --spool '{spool}' --label job-$SLURM_ARRAY_TASK_ID {' '.join(more)}"
        return self.slurm("sbatch", "--parsable", f"--array=0-{jobs - 1}", "--ntasks=1", "--no-requeue", "--output=/dev/null",
                          "--chdir", str(self.root), "--wrap", work)

    def scan(self, name, engine, *more):
        command = [self.program, "scan", "--axis", f"x=1:{TASKS}", "--out", str(self.root / name), "--engine", engine,
                   "--set", "engine.silence=2", "--quiet", *more, "--", "sh", "-c", 'sleep "$TASK_SECONDS"; echo "$(($1 * $1))"', "sh", "{x}"]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=self.environment)

    def spooled(self, name):
        return self.scan(name, "workers", "--spool", str(self.root / "spool"))

    def finish(self, process, name, want):
        finish(process, name, LIMIT_SECONDS, hint=lambda: self.slurm("squeue", "-r"))
        table = (self.root / name / "scan.csv").read_text().replace(",workers", ",serial")
        if want is not None and table != want:
            fail(f"{name}: the table differs from the serial one")
        return table

    def wait_until_working(self, name, process):
        journal = self.root / name / "scan.journal"
        deadline = time.monotonic() + LIMIT_SECONDS
        while not journal.exists() or journal.read_bytes().count(b"\n") < 8:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                fail(f"{name}: no task is done: {process.stderr.read()} {self.slurm('squeue', '-r')}")
            time.sleep(0.02)


def run(cluster):
    want = cluster.finish(cluster.scan("serial", "serial"), "serial", None)

    cluster.environment["TASK_SECONDS"] = "0.1"
    process = cluster.spooled("node")
    cluster.submit(6)
    cluster.wait_until_working("node", process)
    node = cluster.slurm("squeue", "-h", "-r", "-t", "running", "-o", "%N").splitlines()[-1]
    cluster.here("kill-node", node)
    cluster.finish(process, "node", want)
    print(f"node {node} died with its workers: the serial table")

    process = cluster.spooled("cancel")
    job = cluster.submit(3)
    cluster.wait_until_working("cancel", process)
    cluster.slurm("scancel", f"{job}_0")
    cluster.finish(process, "cancel", want)
    print("a job was cancelled: the serial table")

    cluster.environment["TASK_SECONDS"] = "0.3"
    process = cluster.spooled("walltime")
    while process.poll() is None:  # what a person or a cron job does: submit again until the scan is through
        if not cluster.slurm("squeue", "-h", "-r", "-t", "pending,running"):
            cluster.submit(3, "--leave-after", "4s")
        time.sleep(0.2)
    cluster.finish(process, "walltime", want)
    table = subprocess.run([cluster.program, "status", str(cluster.root / "walltime"), "--table", "csv"], capture_output=True,
                           text=True, check=True).stdout
    if "job-2" not in table:
        fail(f"the table of tasks does not name the jobs: {table}")
    print("jobs that leave after four seconds, submitted again: the serial table")


def main():
    options = options_of(__doc__, "program", "cluster")
    with tempfile.TemporaryDirectory() as temporary:
        cluster = Cluster(options.program, options.cluster, Path(temporary))
        started = cluster.here("start")
        try:
            if started.returncode != 0:
                print(f"skipped: {started.stderr.strip()}")
                sys.exit(77)
            run(cluster)
        finally:
            cluster.here("stop")
    print("all held")


if __name__ == "__main__":
    main()
