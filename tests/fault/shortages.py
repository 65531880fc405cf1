#!/usr/bin/env python3
"""Runs scans of an external program on a machine that is short of processes or descriptors, whose clock jumps, or whose output
folder goes away, and demands that nothing done is lost and that a shortage is never a task's fault.

  shortages.py --program ASSAY --shim LIBRARY

  - a start that fails for a while is tried again, without counting as a try: the undisturbed table;
  - one that fails for good ends the run with exit 3 and the reason; --resume finishes it to the undisturbed table;
  - the same with a true limit of descriptors, and of the processes and threads of a user;
  - a gigabyte of output without a line end takes no memory;
  - a clock that jumps by a day, back and forth, changes nothing;
  - a file system that has no locks is refused with exit 3: two runs could write there at once;
  - a folder that is removed ends the run within seconds with exit 3 and the name of the folder.
Exit status: 0 all held, 1 something did not.
"""
# SPDX-License-Identifier: MIT
import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from harness import contents, fail, options_of

TASKS = 24


class Scan:
    def __init__(self, program, shim):
        self.program, self.shim = program, shim

    def start(self, folder, *more, jobs=4, limit=None, script='echo "$(($1 * $1))"', **faults):
        environment = os.environ | ({"LD_PRELOAD": self.shim} | faults if faults else {})
        command = [self.program, "scan", "--axis", f"x=1:{TASKS}", "--out", str(folder), "--jobs", str(jobs), "--quiet", *more,
                   "--", "sh", "-c", script, "sim", "{x}"]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment,
                                preexec_fn=limit)

    def run(self, *arguments, **more):
        process = self.start(*arguments, **more)
        _, stderr = process.communicate(timeout=300)
        return process.returncode, stderr


def tries(program, folder):
    rows = subprocess.run([program, "status", str(folder), "--table", "jsonl"], capture_output=True, text=True, check=True).stdout
    return [json.loads(row).get("attempts", 0) for row in rows.splitlines()]


def expect_table(folder, want, code, stderr, what):
    if code != 0 or contents(folder) != want:
        fail(f"{what}: exit {code}: {stderr}")


def short_for_a_while(scan, root, want):
    for call in ("clone", "pipe2"):
        folder = root / f"while-{call}"
        code, stderr = scan.run(folder, MACHINE_FAULT_CALL=call, MACHINE_FAULT_FROM="3", MACHINE_FAULT_COUNT="6")
        expect_table(folder, want, code, stderr, f"{call} fails six times")
        if tries(scan.program, folder) != [1] * TASKS:
            fail(f"{call} fails six times: it counts as tries: {tries(scan.program, folder)}")
    print("a shortage for a while: the undisturbed table, no try counted")


def short_for_good(scan, root, want):
    # Both wait for about 20 s before they give the machine up: at the same time.
    runs = {call: scan.start(root / f"good-{call}", MACHINE_FAULT_CALL=call, MACHINE_FAULT_FROM="9") for call in ("clone", "pipe2")}
    for call, process in runs.items():
        _, stderr = process.communicate(timeout=300)
        folder = root / f"good-{call}"
        reason = "Resource temporarily unavailable" if call == "clone" else "Too many open files"
        if process.returncode != 3 or reason not in stderr or "--resume" not in stderr:
            fail(f"{call} fails for good: exit {process.returncode}: {stderr}")
        done = sum(count > 0 for count in tries(scan.program, folder))
        if not 0 < done < TASKS:
            fail(f"{call} fails for good: {done} tasks are on record")
        code, stderr = scan.run(folder, "--resume")
        expect_table(folder, want, code, stderr, f"{call} failed for good, resumed")
    print("a shortage for good: exit 3 and the reason, resumed to the undisturbed table")


def few_descriptors(scan, root, want):
    for most in (20, 40):
        folder = root / f"descriptors{most}"
        code, stderr = scan.run(folder, jobs=16, limit=lambda most=most: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most)))
        if most == 20 and code == 3 and "Too many open files" in stderr:  # the record of tries found no place
            code, stderr = scan.run(folder, "--resume")
        expect_table(folder, want, code, stderr, f"{most} descriptors for 16 jobs")
    print("20 and 40 descriptors for 16 jobs: the undisturbed table, with 20 perhaps after exit 3 and --resume")


def clock(scan, root, want):
    code, stderr = scan.run(root / "clock", "--task-time", "60", "--run-time", "600", MACHINE_CLOCK_JUMPS="86400")
    expect_table(root / "clock", want, code, stderr, "a clock that jumps")
    shown = subprocess.run([scan.program, "status", str(root / "clock")], capture_output=True, text=True,
                           env=os.environ | {"LD_PRELOAD": scan.shim, "MACHINE_CLOCK_JUMPS": "86400"})
    if shown.returncode != 0 or f"{TASKS} of {TASKS} tasks" not in shown.stdout:
        fail(f"status with a clock that jumps: exit {shown.returncode}: {shown.stdout}{shown.stderr}")
    print("a clock that jumps by a day: the undisturbed table")


def removed_folder(scan, root):
    folder = root / "removed"
    process = scan.start(folder, script="sleep 0.2; echo $1", jobs=1)
    while not (folder / "scan.journal").exists():
        time.sleep(0.01)
    time.sleep(0.3)
    shutil.rmtree(folder)
    start = time.monotonic()
    _, stderr = process.communicate(timeout=300)
    if process.returncode != 3 or str(folder) not in stderr or "removed" not in stderr:
        fail(f"the folder is removed: exit {process.returncode} after {time.monotonic() - start:.1f} s: {stderr}")
    print(f"the folder is removed: the run ended after {time.monotonic() - start:.1f} s and says so")


def endless_line(scan, root):
    """A gigabyte of zeros without a line end is read, counted and thrown away but for its two ends."""
    size, most_kib = 1 << 30, 200 << 10
    process = scan.start(root / "line", "--only", "0", script=f"head -c {size} /dev/zero; echo; echo done", jobs=1)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    stderr = process.communicate()[1]
    shown = subprocess.run([scan.program, "show", str(root / "line"), "0", "--json"], capture_output=True, text=True, check=True).stdout
    if process.returncode != 0 or f'"stdout_bytes": {size + 6}' not in shown or '"result": "done"' not in shown:
        fail(f"a line of {size} bytes: exit {process.returncode}: {stderr} {shown[-400:]}")
    if used.ru_maxrss > most_kib or len(shown) > 1 << 20:
        fail(f"a line of {size} bytes took {used.ru_maxrss} KiB of memory, and {len(shown)} bytes on record")
    print(f"a line of a gigabyte: {used.ru_maxrss >> 10} MiB of memory at most, {len(shown) >> 10} KiB to show")


def few_processes(scan, root, want):
    """The true limit of processes and threads of a user, which root does not have."""
    nobody = 61183  # who has no other processes
    ours, program = Path("/var/tmp") / f"assay-test-{os.getpid()}", scan.program
    if os.geteuid() != 0:
        print("skipped: a limit of processes of another user (not root)")
        return
    ours.mkdir(mode=0o755)
    try:
        shutil.copy(program, ours / "assay")
        os.chmod(ours / "assay", 0o755)
        (ours / "out").mkdir()
        os.chown(ours / "out", nobody, nobody)

        def limited(most):
            def limit():
                resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
                os.setgroups([])
                os.setgid(nobody)
                os.setuid(nobody)
                os.chdir(ours)

            scan.program = str(ours / "assay")
            try:
                return scan.run(ours / "out" / str(most), limit=limit)
            finally:
                scan.program = program

        code, stderr = limited(4)
        if code != 3 or "temporarily unavailable" not in stderr:
            fail(f"four processes and threads for four jobs: exit {code}: {stderr}")
        code, stderr = limited(12)
        expect_table(ours / "out" / "12", want, code, stderr, "twelve processes and threads for four jobs")
    finally:
        shutil.rmtree(ours)
    print("as another user: four processes and threads for four jobs are exit 3 and the reason, twelve the undisturbed table")


def no_locks(scan, root):
    code, stderr = scan.run(root / "locks", MACHINE_FAULT_CALL="flock")
    if code != 3 or ".assay.lock" not in stderr or "gives no locks" not in stderr:
        fail(f"a file system without locks: exit {code}: {stderr}")
    print("a file system without locks: exit 3, and it says so")


def main():
    options = options_of(__doc__, "program", "shim")
    scan = Scan(options.program, options.shim)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        os.chdir(root)  # in a repository somebody's edit would change what the artifacts say of its state
        code, stderr = scan.run(root / "undisturbed")
        if code != 0:
            fail(f"the undisturbed scan: exit {code}: {stderr}")
        want = contents(root / "undisturbed")
        removed_folder(scan, root)
        no_locks(scan, root)
        endless_line(scan, root)
        few_processes(scan, root, want)
        clock(scan, root, want)
        few_descriptors(scan, root, want)
        short_for_a_while(scan, root, want)
        short_for_good(scan, root, want)
    print("all held")


if __name__ == "__main__":
    main()
