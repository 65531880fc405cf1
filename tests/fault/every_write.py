#!/usr/bin/env python3
"""Lets every single change that a scan makes to the disk go wrong, one after another, and demands that nothing is lost.

  every_write.py --program ASSAY --shim LIBRARY

For n = 1, 2, ... until a run is not reached by the fault, and for each kind of fault (killed before the call, killed with
half of a write on disk, disk full from there on, one input/output error): the scan is killed or ends with exit 3 and a
message that names the cause; then --resume on a healthy disk gives an artifact with the content digest, and a CSV file
with the bytes, of an undisturbed run; no temporary file stays behind.
Exit status: 0 all held, 1 something did not.
"""
# SPDX-License-Identifier: MIT
import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

CONFIG = """workload = "formula"
[variables]
x = 1.0
[formula]
f = "exp(sin(x))"
[scan.axes]
x = "0:3:5"
"""
MOST_CALLS = 400  # a scan of five points makes far fewer: past this, the fault is never reached for another reason


def fail(message):
    print(f"FAILED: {message}")
    sys.exit(1)


def scan(program, config, folder, *more, environment=None):
    return subprocess.run([program, "scan", str(config), "--out", str(folder), "--threads", "1", "--quiet", *more],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment, timeout=60)


def contents(folder):
    return json.loads((folder / "scan.json").read_text())["content_sha256"], (folder / "scan.csv").read_bytes()


def right_end(how, done):
    """A fault that the run survives (a folder that cannot be synced, say) may end well; a killed run may not."""
    if how in ("kill", "torn"):
        return done.returncode == -signal.SIGKILL
    word = "space" if how == "full" else "Input/output"
    return done.returncode == 0 or (done.returncode == 3 and word.lower() in done.stderr.lower())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--shim", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        config = root / "scan.toml"
        config.write_text(CONFIG)
        if scan(options.program, config, root / "undisturbed").returncode != 0:
            fail("the undisturbed scan")
        want = contents(root / "undisturbed")

        for how in ("kill", "torn", "full", "once"):
            reached = 0
            for at in range(1, MOST_CALLS):
                folder, fired = root / f"{how}{at}", root / f"{how}{at}.fired"
                done = scan(options.program, config, folder, environment=os.environ | {
                    "LD_PRELOAD": options.shim, "DISK_FAULT_AT": str(at), "DISK_FAULT_HOW": how,
                    "DISK_FAULT_FIRED": str(fired)})
                if not fired.exists():
                    if done.returncode != 0:
                        fail(f"{how} at {at}, not reached: exit {done.returncode}: {done.stderr}")
                    break
                reached += 1
                if not right_end(how, done):
                    fail(f"{how} at {at}: exit {done.returncode}: {done.stderr}")
                resumed = scan(options.program, config, folder, "--resume")
                if resumed.returncode != 0:
                    fail(f"{how} at {at}: resume: exit {resumed.returncode}: {resumed.stderr}")
                if contents(folder) != want:
                    fail(f"{how} at {at}: the resumed result differs from the undisturbed one")
                left = [p.name for p in folder.iterdir() if ".assay-" in p.name]
                if left:
                    fail(f"{how} at {at}: temporary files stay behind: {left}")
            if not 10 < reached < MOST_CALLS - 1:
                fail(f"{how}: {reached} calls were reached: the shim does not see this program's writes")
            print(f"{how}: {reached} calls, each resumed to the undisturbed result")


if __name__ == "__main__":
    main()
