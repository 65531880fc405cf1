#!/usr/bin/env python3
"""The Cyclone scan on a CUDA device against the serial engine: same modes, and how long each took.

  cyclone.py ASSAY CONFIG

Growth rates and frequencies agree to 1e-6 relative (the tolerance class of the observables is relative: sums have
another order there), and every result says that the device ran it.
Exit status: 0 holds, 1 does not, 2 usage, 77 there is no usable device, so nothing was compared.
"""
# SPDX-License-Identifier: MIT
import json
import subprocess
import sys
import time

TOLERANCE = 1e-6
COMPARED = ("gamma", "omega", "kperp2_eff")


def run(program, *arguments):
    begin = time.monotonic()
    done = subprocess.run([program, *arguments, "--json", "--quiet"], capture_output=True, text=True)
    return done.returncode, json.loads(done.stdout), time.monotonic() - begin


def scan(program, config, engine, points):
    status, document, seconds = run(program, "scan", config, "--axis", f"ky=0.05:0.6:{points}", "--engine", engine)
    if status != 0:
        sys.exit(f"the scan on {engine} ended with status {status}")
    return document["results"], seconds


def compare(serial, device):
    failures = 0
    for a, b in zip(serial, device, strict=True):
        if b["engine"] != "cuda":
            print(f"task {b['index']} ran on {b['engine']}")
            failures += 1
        for name in COMPARED:
            x, y = a["observables"][name], b["observables"][name]
            if not abs(x - y) <= TOLERANCE * abs(x):
                print(f"task {a['index']}: {name} is {x!r} on the host and {y!r} on the device")
                failures += 1
    return failures


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    program, config = sys.argv[1:]
    engine = next(e for e in run(program, "engines")[1]["engines"] if e["name"] == "cuda")
    if not engine["usable"]:
        print(f"skipped: no CUDA device is usable here ({engine['reason']})")
        return 77
    print(f"device: {engine['reason']}")
    failures = 0
    for points in (6, 48):
        serial, host_seconds = scan(program, config, "serial", points)
        device, device_seconds = scan(program, config, "cuda", points)
        failures += compare(serial, device)
        print(f"{points} wavenumbers: serial {host_seconds:.3f} s, cuda {device_seconds:.3f} s, start-up included")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
