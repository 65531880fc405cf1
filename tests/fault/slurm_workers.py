#!/usr/bin/env python3
"""Engine slurm on a real Slurm of this machine: the shell ends, a worker is cancelled, the walltime is too short, the manager
is killed and attached again or interrupted, the controller goes and comes, jobs are suspended, requeued and broken, a node dies.
And workers that somebody submits by hand. The table must be the serial one each time, and no job may stay behind.

  slurm_workers.py --program ASSAY --cluster SCRIPT

SCRIPT is scripts/slurm-here. Exit status: 0 all held, 1 something did not, 77 there is no Slurm, or it does not start here.
"""
# SPDX-License-Identifier: MIT
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import fail, finish, options_of

TASKS = 24
WORKERS = 2
LIMIT_SECONDS = 120


class Cluster:
    """Scans whose tasks sleep, and the jobs that work on them."""

    def __init__(self, program, script, root):
        self.program, self.script, self.folder = program, script, root / "slurm"
        self.root = root / "runs of 100%"  # a path that has to be quoted
        self.root.mkdir()
        self.environment = dict(os.environ, SLURM_CONF=str(self.folder / "slurm.conf"), TASK_SECONDS="0.02")

    def here(self, *words):
        return subprocess.run([self.script, *words, str(self.folder)], capture_output=True, text=True, check=False)

    def slurm(self, *words):
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, check=True).stdout.strip()

    def queue(self, form="%i"):
        return self.slurm("squeue", "-h", "-r", "-t", "pending,running", "-o", form).splitlines()

    def running(self):
        return [line.split()[0] for line in self.queue("%i %T") if line.endswith("RUNNING")]

    def start(self, *words):
        # The scan is a session's leader, as under a terminal of its own.
        return subprocess.Popen([self.program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                env=self.environment, start_new_session=True)

    def scan(self, name, engine, *more):
        return self.start("scan", "--axis", f"x=1:{TASKS}", "--out", str(self.root / name), "--engine", engine,
                          "--set", "engine.silence=2", *more, "--", "sh", "-c", 'sleep "$TASK_SECONDS"; echo "$(($1 * $1))"', "sh", "{x}")

    def submitted(self, name, *more):
        return self.scan(name, "slurm", "--workers", str(WORKERS), "--slots", "2", *more)

    def wait_until_empty(self, when):
        deadline = time.monotonic() + LIMIT_SECONDS
        while self.queue():
            if time.monotonic() > deadline:
                fail(f"{when}: jobs are left: {self.slurm('squeue', '-r')}")
            time.sleep(0.1)

    def finish(self, process, name, want, behind=False):
        """`behind`: the controller has just begun, and learns late which jobs have ended meanwhile."""
        said = finish(process, name, LIMIT_SECONDS, hint=lambda: self.slurm("squeue", "-r"))
        table = re.sub(",(workers|slurm)", ",serial", (self.root / name / "scan.csv").read_text())
        if want is not None and table != want:
            fail(f"{name}: the table differs from the serial one")
        if behind:
            self.wait_until_empty(name)
        if want is not None and self.queue():
            fail(f"{name}: jobs are left: {self.slurm('squeue', '-r')}")
        return said if want is not None else table

    def status(self, name):
        shown = subprocess.run([self.program, "status", str(self.root / name), "--json"], env=self.environment, check=True,
                               capture_output=True, text=True).stdout
        return json.loads(shown)["status"]

    def wait_until_working(self, name, process):
        journal = self.root / name / "scan.journal"
        deadline = time.monotonic() + LIMIT_SECONDS
        while not journal.exists() or journal.read_bytes().count(b"\n") < 5:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                fail(f"{name}: no task is done: {process.stderr.read()} {self.slurm('squeue', '-r')}")
            time.sleep(0.02)


def submissions(said):
    return re.findall(r"slurm: submitted job (\d+): (\d+) worker", said)


def shell_ends(cluster, want):
    process = cluster.submitted("shell")
    cluster.wait_until_working("shell", process)
    queue = cluster.status("shell").get("queue", {})
    states = {state["state"] for job in queue.get("jobs", []) for state in job["states"]}
    if process.poll() is None and (queue.get("source") != "slurm" or "RUNNING" not in states):
        fail(f"status does not show the jobs of a run that is at work: {queue}")
    process.send_signal(signal.SIGHUP)
    said = cluster.finish(process, "shell", want)
    if len(submissions(said)) != 1:
        fail(f"one job was to be submitted: {said}")
    print("the shell ended: the scan went on, in one job")


def worker_cancelled(cluster, want):
    process = cluster.submitted("cancel")
    cluster.wait_until_working("cancel", process)
    cluster.slurm("scancel", cluster.queue()[0])
    cluster.finish(process, "cancel", want)
    print("a worker was cancelled: the serial table")


def manager_killed(cluster, want):
    process = cluster.submitted("killed")
    cluster.wait_until_working("killed", process)
    process.kill()
    process.communicate()
    left = cluster.queue()
    said = cluster.finish(cluster.start("attach", str(cluster.root / "killed")), "killed", want)
    if f"found {len(left)} workers" not in said or submissions(said):
        fail(f"{left} were in the queue, and attach did not use them: {said}")
    print("the manager was killed, and attached again: its workers were used, none was submitted twice")


def manager_stays_away(cluster, want):
    process = cluster.submitted("away", "--set", "engine.worker_wait=3")
    cluster.wait_until_working("away", process)
    process.kill()
    process.communicate()
    cluster.wait_until_empty("workers wait for a manager that does not come")
    cluster.finish(cluster.start("attach", str(cluster.root / "away")), "away", want)
    print("the manager was killed and stayed away: its workers left after engine.worker_wait, and attach ran the rest")


def interrupted(cluster, want):
    process = cluster.submitted("interrupted")
    cluster.wait_until_working("interrupted", process)
    process.send_signal(signal.SIGINT)
    said = finish(process, "interrupted", LIMIT_SECONDS, code=128 + signal.SIGINT)
    if "are cancelled; assay attach" not in said or cluster.queue():
        fail(f"an interrupt leaves jobs, or says nothing of them: {said} {cluster.queue()}")
    cluster.finish(cluster.start("attach", str(cluster.root / "interrupted")), "interrupted", want)
    print("SIGINT: the jobs were cancelled, and attach ran the rest")


def disturbed(cluster, want):
    """One scan, and what an administrator or bad luck may do meanwhile."""
    template = cluster.root / "site.sh"
    template.write_text("#!/bin/bash\n{options}\n#SBATCH --requeue\n{worker}\n")
    process = cluster.submitted("disturbed", "--template", str(template))
    cluster.wait_until_working("disturbed", process)
    workers = cluster.running()
    cluster.slurm("scontrol", "suspend", workers[0])  # falls silent, and its tasks go to others
    cluster.slurm("scontrol", "requeue", workers[-1])
    cluster.here("stop-controller")
    time.sleep(1)
    cluster.here("start-controller")
    for job in {element.split("_")[0] for element in cluster.queue()}:
        cluster.slurm("scancel", job)
    cluster.finish(process, "disturbed", want)
    print("a worker suspended, one requeued, the controller stopped and started, the whole job cancelled: the serial table")


def controller_gone(cluster, want):
    process = cluster.submitted("gone")
    cluster.wait_until_working("gone", process)
    cluster.here("stop-controller")
    process.send_signal(signal.SIGINT)
    said = finish(process, "gone", LIMIT_SECONDS, code=128 + signal.SIGINT)
    if "jobs of this run may be left: scancel --name=" not in said or "are cancelled" in said:
        fail(f"the controller has gone, and the run says otherwise: {said}")
    if cluster.status("gone").get("queue", {}).get("source") != "folder":
        fail(f"status asks a controller that has gone: {cluster.status('gone')}")
    cluster.here("start-controller")
    cluster.finish(cluster.start("attach", str(cluster.root / "gone")), "gone", want, behind=True)
    print("SIGINT with the controller gone: the run ends and says that jobs may be left; attach ran the rest")


def broken_jobs(cluster):
    template = cluster.root / "broken.sh"
    template.write_text("#!/bin/bash\n{options}\necho no such module >&2; exit 7\n{worker}\n")
    said = finish(cluster.submitted("broken", "--template", str(template)), "broken", LIMIT_SECONDS, code=3)
    if "without a task done" not in said or "no such module" not in said or cluster.queue():
        fail(f"jobs that end before they do anything: {said} {cluster.queue()}")
    print("jobs that end before they do anything: exit 3 with what they printed, none is left")


def walltime(cluster, want):
    process = cluster.submitted("walltime", "--walltime", "3s")
    said = cluster.finish(process, "walltime", want)
    jobs = {job for job, _ in submissions(said)}
    table = subprocess.run([cluster.program, "status", str(cluster.root / "walltime"), "--table", "csv"], capture_output=True,
                           text=True, check=True).stdout
    if len(jobs) < 2 or any(f"{job}_" not in table for job in sorted(jobs)[:2]):
        fail(f"a walltime that is too short takes several jobs, and the table names them: {said} {table}")
    print(f"a walltime of 3 s: {len(jobs)} jobs one after the other, the serial table")


def by_hand(cluster, want):
    spool = cluster.root / "spool"
    process = cluster.scan("hand", "workers", "--spool", str(spool))
    cluster.slurm("sbatch", "--parsable", "--array=0-1", "--ntasks=1", "--output=/dev/null", "--chdir", str(cluster.root),
                  "--wrap", f"exec '{cluster.program}' worker --spool '{spool}' --slots 2 --leave-after 1m")
    finish(process, "hand", LIMIT_SECONDS)
    cluster.wait_until_empty("workers by hand")
    cluster.finish(process, "hand", want)
    print("workers submitted by hand: the serial table, and they leave by themselves")


def node_dies(cluster, want):
    """First its daemon alone, which no task notices, then the node."""
    process = cluster.submitted("node")
    cluster.wait_until_working("node", process)
    os.kill(int((cluster.folder / "run" / f"{cluster.queue('%N')[-1]}.pid").read_text()), signal.SIGKILL)
    node = cluster.queue("%N")[0]
    cluster.here("kill-node", node)
    cluster.finish(process, "node", want)
    print(f"node {node} died with its workers, and the daemon of another: the serial table")


def run(cluster):
    want = cluster.finish(cluster.scan("serial", "serial"), "serial", None)
    cluster.environment["TASK_SECONDS"] = "0.2"
    by_hand(cluster, want)
    shell_ends(cluster, want)
    worker_cancelled(cluster, want)
    manager_killed(cluster, want)
    manager_stays_away(cluster, want)
    interrupted(cluster, want)
    disturbed(cluster, want)
    controller_gone(cluster, want)
    broken_jobs(cluster)
    cluster.environment["TASK_SECONDS"] = "0.5"
    walltime(cluster, want)
    cluster.environment["TASK_SECONDS"] = "0.2"
    node_dies(cluster, want)


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
