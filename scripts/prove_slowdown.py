#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Adds slowdowns of 2, 5, 10 and 20 % and counts how many are detected.

Copies of the mutex backend get an empty loop in each take, with as many turns
as the slowdown needs on this machine. They and the original are measured in
interleaved rounds, by one program. The cell is one message between two queues
and two threads on one CPU: its time is the sum of all that is done, so that a
loop slows it by just its own time. Rounds drawn from these say how often so
many of them find the difference.

Usage: prove_slowdown.py BUILD OUT ROUNDS. BUILD has tests/detect; OUT gets
slowdown.txt, slowdown.dat and slowdown.svg.
"""
import csv
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

PLANTED = (2, 5, 10, 20)  # %; tests/prove/detect.c has them, too
CALIBRATION_TURNS = 20000  # several times the time of a message
CALIBRATION_ROUNDS = 24
CELL = ("--scenario", "pingpong", "--queues", "2", "--wait", "block",
        "--placement", "same-cpu", "--duration", "100ms", "--warmup", "10ms")
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if not name.startswith(("MAKE", "MFLAGS"))}
ORIGINAL = Path("bench/backends/mutex.c")


def name_of(share):
    return f"mutex_slow{share:02}"


def plant(folder, turns):
    """Writes a slowed copy of the backend for each share of slowdown."""
    text = ORIGINAL.read_text("utf-8")
    taken = "return fifo_pop(fifo, word);"
    if taken not in text or "EXPORT_BACKEND(mutex," not in text:
        sys.exit(f"prove_slowdown: {ORIGINAL} is not what it was; look for "
                 "another place for the loop")
    for share, count in zip(PLANTED, turns):
        slowed = text.replace(taken, f"""if (!fifo_pop(fifo, word))
		return false;
	for (int turn = 0; turn < {count}; turn++)
		__asm__ volatile("");
	return true;""").replace("EXPORT_BACKEND(mutex,",
                             f"EXPORT_BACKEND({name_of(share)},")
        (folder / f"{name_of(share)}.c").write_text(
            "/*\n * CPPFLAGS: -Ibench/backends\n */\n" + slowed, "utf-8")


def build(folder):
    """Builds the program with only these backends; returns its path."""
    others = {path.stem for path in ORIGINAL.parent.glob("*.c*")}
    others.discard("mutex")
    planted = [str(folder / f"{name_of(share)}.c") for share in PLANTED]
    subprocess.run(
        ["make", "-s", f"-j{os.cpu_count()}", f"BUILD={folder}/build",
         "EXTRA_BACKENDS=" + " ".join(planted),
         "WITHOUT=" + " ".join(sorted(others))],
        check=True, env=ENVIRONMENT, stdout=sys.stderr)
    return folder / "build/ringbench"


def measure(program, folder, rounds):
    shutil.rmtree(folder, ignore_errors=True)
    done = subprocess.run(
        [program, "run", *CELL, "--backend",
         ",".join(["mutex", *map(name_of, PLANTED)]), "--rounds",
         str(rounds), "--seed", "1", "--out", folder],
        check=False, stdout=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(done.returncode)


def message_ns(folder):
    """The median time per message of each backend."""
    times = {}
    with open(folder / "results.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            times.setdefault(row["backend"], []).append(
                1e9 / float(row["throughput_msg_per_s"]))
    return {name: statistics.median(values)
            for name, values in times.items()}


def calibrate(folder):
    """The number of loop iterations that slow a message by each share."""
    plant(folder, [CALIBRATION_TURNS] * len(PLANTED))
    measure(build(folder), folder / "calibration", CALIBRATION_ROUNDS)
    times = message_ns(folder / "calibration")
    base = times.pop("mutex")
    turn = (statistics.median(times.values()) - base) / CALIBRATION_TURNS
    turns = [round(base * share / (100 - share) / turn) for share in PLANTED]
    said = (f"a message takes {base:.0f} ns, a turn of the loop {turn:.3f} "
            "ns; turns: " + ", ".join(map(str, turns)))
    return turns, said


def draw(data, to):
    """Draws the curves. gnuplot runs in the folder of its data."""
    script = Path("plots/detection.gp").resolve()
    shutil.copy(data, data.parent / "detection.dat")
    subprocess.run(["gnuplot", "-d", script], cwd=data.parent, check=True)
    picture = data.parent / "picture.svg"
    if not picture.read_text("utf-8").rstrip().endswith("</svg>"):
        sys.exit("prove_slowdown: gnuplot did not finish the picture")
    shutil.move(picture, to)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__.split("\n\n")[-1].strip())
    built, out, rounds = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    folder = built.resolve().relative_to(Path.cwd()) / "prove"
    folder.mkdir(parents=True, exist_ok=True)
    turns, said = calibrate(folder)
    print(said, file=sys.stderr)
    plant(folder, turns)
    program = build(folder)
    measure(program, folder / "pool", rounds)
    version = subprocess.run([program, "--version"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    table = subprocess.run(
        [built / "tests/detect", folder / "pool", folder / "slowdown.dat"],
        check=True, text=True, stdout=subprocess.PIPE).stdout
    out.mkdir(parents=True, exist_ok=True)
    text = f"make prove-slowdown ROUNDS={rounds}: {version}{said}\n{table}"
    (out / "slowdown.txt").write_text(text, "utf-8")
    shutil.copy(folder / "slowdown.dat", out / "slowdown.dat")
    draw(folder / "slowdown.dat", out / "slowdown.svg")
    print(text, end="")


if __name__ == "__main__":
    main()
