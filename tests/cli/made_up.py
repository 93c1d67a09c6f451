# SPDX-License-Identifier: BSD-2-Clause
"""Writes made-up results in the program's own format.

As a program, made_up.py FOLDER CELLS ROUNDS SEED writes a run of that size, to
measure the time of `ringbench compare`.
"""
import csv
import io
import json
import random
import subprocess
import sys
import zlib
from pathlib import Path

from program import BUILD

# Returns the columns in the order of `ringbench list`; the last column is the
# checksum.
def columns_of(file):
    listed = subprocess.run([BUILD / "ringbench", "list", "columns", "--json"],
                            capture_output=True, text=True, check=True).stdout
    tables = {table["name"]: table for table in json.loads(listed)["tables"]}
    return [row["column"] for row in tables[file]["rows"]]


COLUMNS = columns_of("results.csv")

CELL = {
    "run_id": "made-up", "session_id": "s1", "host_id": "h1",
    "build_id": "b1", "seed": 1, "round": 1, "attempt": 1,
    "order_in_round": 1,
    "started_at": "2026-01-01T00:00:00Z", "scenario": "stream",
    "backend": "mutex", "wait": "poll", "queues": 1, "producers": 1,
    "consumers": 1, "placement": "llc", "cpus": "1+0", "capacity": 1023,
    "capacity_usable": 1023, "payload_bytes": 8, "warmup_ns": 20000000,
    "duration_ns": 80000000,
    "status": "ok", "verified": 1, "messages": 1000000,
    "elapsed_ns": 80000000, "throughput_msg_per_s": 12500000,
    "busy_ns": 100000000, "wait_empty_ns": 60000000, "idle_share": 0.375,
}


def line(fields, head=None):
    """Formats a row with its checksum. head: the header; None: that of
    results.csv."""
    file = io.StringIO()
    csv.writer(file, lineterminator="").writerow(fields)
    text = file.getvalue().encode()
    return text + b",%08x\n" % zlib.crc32((head or header()) + text)


def row(**changed):
    values = {**CELL, **changed}
    unknown = set(values) - set(COLUMNS)
    assert not unknown, unknown
    return line([values.get(name, "") for name in COLUMNS[:-1]])


def header():
    return ",".join(COLUMNS).encode() + b"\n"


def write(folder, rows, **facts):
    """Writes a run's folder with these rows, and the facts into run.json."""
    folder = Path(folder)
    folder.mkdir(parents=True)
    (folder / "results.csv").write_bytes(header() + b"".join(rows))
    (folder / "run.json").write_text(json.dumps({
        "host_id": "h1", "build_id": "b1",
        "program": {"revision": "abc1234", "compiler": "12.2.0",
                    "libraries": {"ck": "0.7.1"}},
        "plan": {"name": "made-up", "lines": ["--scenario stream"]},
        "host": {"caption": "a machine", "kernel": {"release": "6.1"}},
        **facts}), "utf-8")
    return folder


def rounds(values, first=1, **changed):
    """Returns one row for each throughput, for the rounds first, first + 1,
    ..."""
    return [row(round=i + first, throughput_msg_per_s=f"{value:.9g}", **changed)
            for i, value in enumerate(values)]


def floor(name, value, **changed):
    """Six rounds of a backend that is not a queue."""
    return rounds([value] * 6, backend=name, verified="", **changed)


def shape(producers, consumers):
    """The columns of a stream with these threads, on a machine of two CPUs."""
    over = producers + consumers > 2
    return {"producers": producers, "consumers": consumers,
            "flags": "oversubscribed" if over else ""}


def large(folder, cells, count, seed):
    """All fields of a real row are filled in."""
    dice = random.Random(seed)
    filled = {name: 123456789 for name in COLUMNS if name.endswith("_ns")
              and name not in CELL and not name.startswith(("wake", "p"))}
    filled.update({name: 12345 for name in (
        "empty_tries", "full_tries", "timeouts", "vol_switches",
        "invol_switches", "page_faults", "lost", "repeated", "reordered",
        "left_over") if name in COLUMNS})
    rows = []
    for number in range(1, count + 1):
        for cell in range(cells):
            rows.append(row(
                session_id="20261121T144325-12238" if seed < 0 else f"s{seed}", round=number, order_in_round=cell + 1,
                queues=1 + cell % 2, capacity=1 + cell, **filled,
                throughput_msg_per_s=f"{1e7 * dice.lognormvariate(0, .03):.9g}"
            ))
    write(folder, rows)


if __name__ == "__main__":
    large(sys.argv[1], *map(int, sys.argv[2:5]))
