#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures cells with and without a hog, which uses half of one CPU.

Usage: prove_disturbed.py BUILD OUT. OUT gets disturbed.txt. The hog of scripts/hog.py uses a CPU of
the cells. The script prints, for each cell, how many rounds are undisturbed,
and the median with the hog divided by the median without it: of the first
attempts, and of the first undisturbed attempt of each round. If the core
distance of a cell has several classes, the second ratio is of the class that
both runs have most often.
"""
import csv
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from hog import hog

CELLS = ("--scenario", "pingpong,stream", "--backend", "mutex,spsc_ring",
         "--wait", "poll,block", "--placement", "near,same-cpu",
         "--duration", "80ms", "--rounds", "24")
CLASS_FACTOR = 1.35
KEYS = ("scenario", "backend", "wait", "placement")


def measure(program, folder):
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([program, "run", *CELLS, "--out", folder], check=True,
                   stdout=subprocess.DEVNULL)
    cells = {}
    with open(folder / "results.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cells.setdefault(tuple(row[key] for key in KEYS), []).append(row)
    return cells


def undisturbed(rows):
    rounds = {}
    for row in rows:
        if "disturbed" not in row["flags"].split("+"):
            rounds.setdefault(row["round"], row)
    return list(rounds.values())


def gaps(distances):
    """Where the sorted distances jump by the factor that separates classes."""
    ordered = sorted(distances)
    return [high for low, high in zip(ordered, ordered[1:])
            if high >= CLASS_FACTOR * low]


def by_class(rows, limits):
    classes = {}
    for row in rows:
        distance = float(row["line_before_ns"] or 0)
        classes.setdefault(sum(distance >= limit for limit in limits),
                           []).append(row)
    return classes


def median(rows):
    return statistics.median(float(row["throughput_msg_per_s"])
                             for row in rows)


def ratio_in_class(alone, shared):
    """The ratio of the medians in one class of distances; "" without one."""
    limits = gaps(float(row["line_before_ns"] or 0) for row in alone + shared)
    left, right = by_class(alone, limits), by_class(shared, limits)
    both = left.keys() & right.keys()
    if not both:
        return ""
    most = max(both, key=lambda key: min(len(left[key]), len(right[key])))
    return (f"{median(right[most]) / median(left[most]):20.2f} "
            f"of {len(left[most])} and {len(right[most])}")


def table(alone, shared):
    yield f"{'cell':34} undisturbed  first attempts  undisturbed attempts"
    for cell, rows in sorted(alone.items()):
        kept = undisturbed(shared[cell])
        first = [row for row in shared[cell] if row["attempt"] == "1"]
        yield (f"{' '.join(cell):34} {len(kept):5} of {len(first):2} "
               f"{median(first) / median(undisturbed(rows) or rows):15.2f}  "
               f"{ratio_in_class(undisturbed(rows) or rows, kept)}").rstrip()


def main():
    program, out = Path(sys.argv[1]) / "ringbench", Path(sys.argv[2])
    folder = Path(sys.argv[1]) / "prove/disturbed"
    alone = measure(program, folder / "alone")
    with hog():
        shared = measure(program, folder / "shared")
    version = subprocess.run([program, "--version"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    text = f"make prove-disturbed: {version}" + "".join(
        f"{line}\n" for line in table(alone, shared))
    out.mkdir(parents=True, exist_ok=True)
    (out / "disturbed.txt").write_text(text, "utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
