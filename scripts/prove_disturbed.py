#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures cells with and without a hog, which uses half of one CPU.

Usage: prove_disturbed.py BUILD OUT. OUT gets disturbed.txt. The hog of scripts/hog.py uses a CPU of
the cells. The script prints, for each cell, how many rounds are undisturbed,
and the median with the hog divided by the median without it: of the first
attempts, and of the first undisturbed attempt of each round. If the core
distance of a cell has several classes, the second ratio is of the most frequent
class.
"""
import csv
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import distance_class
from hog import hog

CELLS = ("--scenario", "pingpong,stream", "--backend", "mutex,spsc_ring",
         "--wait", "poll,block", "--placement", "near,same-cpu",
         "--duration", "80ms", "--rounds", "24")
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


def median(rows):
    return statistics.median(float(row["throughput_msg_per_s"])
                             for row in rows)


def ratio_in_class(alone, shared):
    """The ratio of the medians in the most frequent class of core distances."""
    rows = distance_class.most_frequent(alone + shared)
    left = [row for row in alone if row in rows]
    right = [row for row in shared if row in rows]
    if not left or not right:
        return ""
    return (f"{median(right) / median(left):20.2f} "
            f"of {len(left)} and {len(right)}")


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
