"""Writes the messages of a manager for a scan of a formula, or reads what a worker has said to them."""
import hashlib
import json
import sys
import time
import zlib

CONFIG = {"workload": "formula", "seed": 0, "variables": {"x": 1.0}, "formula": {"y": "x * x"}, "scan": {"axes": {"x": "0:4:5"}}}


def send(kind, payload):
    data = payload.encode()
    sys.stdout.write(f"assay/1 {kind} {len(data)} {zlib.crc32(data):08x}\n{payload}\n")
    sys.stdout.flush()


def manager():
    text = json.dumps(CONFIG)
    digest = hashlib.sha256(json.dumps(CONFIG, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    limits = {"task_seconds": 60}
    send("study", json.dumps({"config": text, "config_sha256": digest, "identity": "", "limits": json.dumps(limits),
                              "config_folder": "/", "folder": "", "tasks": 5, "beat_seconds": 60}))
    send("batch", "0-2,4")
    while not all(f"\n{task} ok".encode() in open("said", "rb").read() for task in (0, 1, 2, 4)):
        time.sleep(0.01)
    send("stop", "finish")


def worker(path):
    rest = open(path, "rb").read()
    results = {}
    while rest:
        header, rest = rest.split(b"\n", 1)
        version, kind, length, checksum = header.decode().split()
        payload, rest = rest[:int(length)], rest[int(length) + 1:]
        assert version == "assay/1" and zlib.crc32(payload) == int(checksum, 16)
        if kind == "hello":
            said = json.loads(payload)
            print("hello", said["slots"], said["label"])
        elif kind == "results":
            for line in payload.decode().splitlines()[1:]:
                index, record = line.split(" ", 1)
                results[int(index)] = record.split(" ")
        else:
            print(kind)
    for index in sorted(results):
        print(index, results[index][0], results[index][-1])


worker(sys.argv[2]) if len(sys.argv) > 1 else manager()
