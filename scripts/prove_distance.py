#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Shows the effect of classes of core distances: draws cells first with all
distances mixed, then class by class.

Usage: prove_distance.py BUILD OUT ROUNDS [RUN]

Measures ROUNDS rounds of three cells, or takes the finished run RUN. Writes
distance-mixed.svg, distance-classes.svg and distance.txt to the folder OUT.
Fails if the machine stayed at one distance.
"""
import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

CELLS = ["--scenario", "pingpong", "--queues", "2", "--wait", "poll",
         "--backend", "mutex,spsc_ring,line", "--placement", "near",
         "--duration", "60ms"]
HIDDEN = "line_before_ns", "line_after_ns", "denied_ns"


def ringbench(build, *words):
    return subprocess.run([build / "ringbench", *map(str, words)], check=True,
                          stdout=subprocess.PIPE, text=True).stdout


def line(fields):
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(fields)
    return text.getvalue().encode()


def hide_distances(run, to):
    """Copies a run without distances and disturbances, with only the first
    attempt of each round."""
    to.mkdir()
    shutil.copy(run / "run.json", to)
    with open(run / "results.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name != "checksum"]
    header = line(names + ["checksum"]) + b"\n"
    with open(to / "results.csv", "wb") as file:
        file.write(header)
        for row in rows:
            if row["attempt"] not in ("", "1"):
                continue
            row.update((name, "") for name in HIDDEN if name in row)
            row["flags"] = "+".join(flag for flag in row["flags"].split("+")
                                    if flag != "disturbed")
            text = line([row[name] for name in names])
            file.write(text + b",%08x\n" % zlib.crc32(header + text))


def table(report):
    """Returns the first table of a report."""
    return report.split("\n\n")[1]


def main(build, out, rounds, run=None):
    build, out = Path(build).resolve(), Path(out)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if not run:
            run = folder / "run"
            ringbench(build, "run", *CELLS, "--rounds", rounds, "--out", run)
        classes, mixed = folder / "classes", folder / "mixed"
        shutil.copytree(run, classes)
        hide_distances(classes, mixed)
        reports = {each: ringbench(build, "report", each)
                   for each in (mixed, classes)}
        if " distance " not in table(reports[classes]):
            sys.exit("prove_distance: all rounds were at one core distance, so "
                     "there is nothing to show; try again, or with more "
                     "ROUNDS")
        for each in reports:
            ringbench(build, "plot", each)
            shutil.copy(each / "plots" / "pingpong-throughput.svg",
                        out / f"distance-{each.name}.svg")
        facts = json.loads((classes / "run.json").read_text("utf-8"))
    text = (f"make prove-distance ROUNDS={rounds}: ringbench "
            f"{facts['program']['revision']}\n\nall distances mixed\n"
            f"{table(reports[mixed])}\n\nclass by class\n"
            f"{table(reports[classes])}\n")
    (out / "distance.txt").write_text(text, "utf-8")
    print(text, end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
