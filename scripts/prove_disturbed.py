#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures cells with and without a hog, which uses half of one CPU.

Usage: prove_disturbed.py BUILD FOLDER. The hog of scripts/hog.py uses a CPU of
the cells. The script prints, for each cell, how many rounds are undisturbed,
and the median with the hog divided by the median without it: of the first
attempts, and of the first undisturbed attempt of each round.
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
         "--duration", "80ms", "--rounds", "12")
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


def main():
    program = Path(sys.argv[1]) / "ringbench"
    folder = Path(sys.argv[2])
    alone = measure(program, folder / "alone")
    with hog():
        shared = measure(program, folder / "shared")
    print(f"{'cell':36} undisturbed  first attempts  undisturbed attempts")
    for cell, rows in sorted(alone.items()):
        base = median(undisturbed(rows) or rows)
        kept = undisturbed(shared[cell])
        first = [row for row in shared[cell] if row["attempt"] == "1"]
        after = f"{median(kept) / base:20.2f}" if kept else ""
        print(f"{' '.join(cell):36} {len(kept):5} of {len(first):2} "
              f"{median(first) / base:15.2f}  {after}")


if __name__ == "__main__":
    main()
