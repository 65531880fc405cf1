#!/usr/bin/env python3
"""Lets every single change that a scan makes to the disk go wrong, one after another, and demands that nothing is lost.

  every_write.py --program ASSAY --shim LIBRARY

For n = 1, 2, ... until a run is not reached by the fault, and for each kind of fault (killed before the call, killed with
half of a write on disk, disk full from there on, one input/output error): the scan is killed or ends with exit 3 (5 where
it is a task that could not have its folder) and a message that names the cause; then --resume on a healthy disk gives an artifact with the content digest, and a CSV file
with the bytes, of an undisturbed run; no temporary file stays behind. For a workload of assay's own and for an external program.
Exit status: 0 all held, 1 something did not.
"""
# SPDX-License-Identifier: MIT
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from harness import contents, fail, options_of

FORMULA = """workload = "formula"
[variables]
x = 1.0
[formula]
f = "exp(sin(x))"
[scan.axes]
x = "0:3:5"
"""
# A try leaves a record, a task has a folder with a rendered file: more writes than a workload of ours makes.
COMMAND = """workload = "command"
[parameters]
x = 1
[command]
shell = 'cat in; echo noted >&2'
environment = { LD_PRELOAD = "" }
[templates]
"in" = "in.template"
[observables]
x = { regex = 'x = (\\S+)' }
[engine]
jobs = 1
[scan.axes]
x = "1:3"
"""
MOST_CALLS = 400  # a scan of so few points makes far fewer: past this, the fault is never reached for another reason


def scan(program, config, folder, *more, environment=None):
    return subprocess.run([program, "scan", str(config), "--out", str(folder), "--threads", "1", "--quiet", *more],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment, timeout=60)


def right_end(program, folder, how, done):
    """A fault that the run survives (a folder that cannot be synced, say) may end well; a killed run may not."""
    if how in ("kill", "torn"):
        return done.returncode == -signal.SIGKILL
    word = "space" if how == "full" else "Input/output"
    said = done.stderr
    if done.returncode == 5:
        said = subprocess.run([program, "status", str(folder), "--table", "jsonl"], capture_output=True, text=True, check=True).stdout
    return done.returncode == 0 or (done.returncode in (3, 5) and word.lower() in said.lower())


def every_call(options, root, config, how):
    want = contents(root / "undisturbed")
    reached = 0
    for at in range(1, MOST_CALLS):
        folder, fired = root / f"{how}{at}", root / f"{how}{at}.fired"
        what = f"{root.name}: {how} at {at}"
        done = scan(options.program, config, folder, environment=os.environ | {
            "LD_PRELOAD": options.shim, "DISK_FAULT_AT": str(at), "DISK_FAULT_HOW": how, "DISK_FAULT_FIRED": str(fired)})
        if not fired.exists():
            if done.returncode != 0:
                fail(f"{what}, not reached: exit {done.returncode}: {done.stderr}")
            break
        reached += 1
        if not right_end(options.program, folder, how, done):
            fail(f"{what}: exit {done.returncode}: {done.stderr}")
        # A task whose folder could not be filled has failed: it is asked for again.
        resumed = scan(options.program, config, folder, *(("--rerun", "failed") if done.returncode == 5 else ("--resume",)))
        if resumed.returncode != 0:
            fail(f"{what}: resume: exit {resumed.returncode}: {resumed.stderr}")
        if contents(folder) != want:
            fail(f"{what}: the resumed result differs from the undisturbed one")
        left = [p.name for p in folder.iterdir() if ".assay-" in p.name]
        if left:
            fail(f"{what}: temporary files stay behind: {left}")
    if not 10 < reached < MOST_CALLS - 1:
        fail(f"{root.name}: {how}: {reached} calls were reached: the shim does not see this program's writes")
    print(f"{root.name}: {how}: {reached} calls, each resumed to the undisturbed result")


def main():
    options = options_of(__doc__, "program", "shim")
    with tempfile.TemporaryDirectory() as temporary:
        for name, text in (("formula", FORMULA), ("command", COMMAND)):
            root = Path(temporary) / name
            root.mkdir()
            (root / "in.template").write_text("x = {x}\n")
            config = root / "scan.toml"
            config.write_text(text)
            if scan(options.program, config, root / "undisturbed").returncode != 0:
                fail(f"{name}: the undisturbed scan")
            for how in ("kill", "torn", "full", "once"):
                every_call(options, root, config, how)


if __name__ == "__main__":
    main()
