#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Adds slowdowns of 2, 5, 10 and 20 % and counts how many are detected.

Copies of the mutex backend execute an empty loop in each pop. The loop has as
many iterations as the slowdown needs on this machine. The copies and the
original are measured in interleaved rounds, by one program. The cell is one
message between two queues and two threads: its round trip is a sum of steps, so
the loop adds its own time. Rounds are drawn at random from the measured rounds,
and a test judges them. The share of draws that detect the slowdown is printed.

Usage: prove_slowdown.py BUILD OUT ROUNDS [hog]. BUILD contains tests/detect.
OUT gets slowdown.txt, slowdown.dat and slowdown.svg. With "hog", the threads
have a CPU each, a hog uses half of one of these CPUs (see hog.py), and the files
are named slowdown-hog. Then each round is judged in two ways: "without" knows
no core distance and uses the first attempt of each round, also if it was
disturbed; "with" is what the program does.
"""
import contextlib
import csv
import io
import os
import shutil
import statistics
import subprocess
import sys
import zlib
from pathlib import Path

from hog import hog

PLANTED = (2, 5, 10, 20)  # %; tests/prove/detect.c has them, too
CALIBRATION_TURNS = 20000  # several times the time of a message
CALIBRATION_ROUNDS = 24
CELL = ("--scenario", "pingpong", "--queues", "2", "--duration", "100ms",
        "--warmup", "10ms")
ALONE = (*CELL, "--wait", "block", "--placement", "same-cpu")
SHARED = (*CELL, "--wait", "poll", "--placement", "near")
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


def measure(program, cell, folder, rounds):
    shutil.rmtree(folder, ignore_errors=True)
    done = subprocess.run(
        [program, "run", *cell, "--backend",
         ",".join(["mutex", *map(name_of, PLANTED)]), "--rounds",
         str(rounds), "--seed", "1", "--out", folder],
        check=False, stdout=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(done.returncode)


def message_ns(folder):
    """Returns the median time per message of each backend."""
    times = {}
    with open(folder / "results.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            times.setdefault(row["backend"], []).append(
                1e9 / float(row["throughput_msg_per_s"]))
    return {name: statistics.median(values)
            for name, values in times.items()}


def calibrate(cell, folder):
    """Returns, for each slowdown, the number of loop iterations."""
    plant(folder, [CALIBRATION_TURNS] * len(PLANTED))
    measure(build(folder), cell, folder / "calibration", CALIBRATION_ROUNDS)
    times = message_ns(folder / "calibration")
    base = times.pop("mutex")
    turn = (statistics.median(times.values()) - base) / CALIBRATION_TURNS
    turns = [round(base * share / (100 - share) / turn) for share in PLANTED]
    said = (f"a message takes {base:.0f} ns, a turn of the loop {turn:.3f} "
            "ns; turns: " + ", ".join(map(str, turns)))
    return turns, said


def hide(pool, to):
    """Copies the first attempts, without distances and flags."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    shutil.copy(pool / "run.json", to)
    with open(pool / "results.csv", newline="", encoding="utf-8") as file:
        header = file.readline()
        rows = list(csv.DictReader(file, header.strip().split(",")))
    with open(to / "results.csv", "w", newline="", encoding="utf-8") as file:
        file.write(header)
        for row in rows:
            if row.pop("attempt") != "1":
                continue
            row.update(flags="", line_before_ns="", line_after_ns="")
            text = io.StringIO()
            csv.writer(text, lineterminator="").writerow(
                row.get(name, "1") for name in header.split(",")[:-1])
            check = zlib.crc32((header + text.getvalue()).encode())
            file.write(f"{text.getvalue()},{check:08x}\n")


def detect(built, pool, data):
    """Judges the pool. Returns the table and writes the data of the plot."""
    return subprocess.run([built / "tests/detect", pool, data], check=True,
                          text=True, stdout=subprocess.PIPE).stdout


def side_by_side(with_, without, to):
    """Like `with_`, but its third column is the second one of `without`."""
    lines = zip(with_.read_text("utf-8").splitlines(),
                without.read_text("utf-8").splitlines())
    text = ""
    for line, other in lines:
        words = line.split()
        if words[:1] and words[0].isdigit():
            words[2] = other.split()[1]
            line = " ".join(words)
        text += line + "\n"
    to.write_text(text, "utf-8")


def draw(data, to, points, lines):
    """Draws the curves. gnuplot runs in the folder of its data."""
    script = Path("plots/detection.gp").resolve()
    shutil.copy(data, data.parent / "detection.dat")
    subprocess.run(["gnuplot", "-d", "-e",
                    f"points='{points}'; lines='{lines}'", script],
                   cwd=data.parent, check=True)
    picture = data.parent / "picture.svg"
    if not picture.read_text("utf-8").rstrip().endswith("</svg>"):
        sys.exit("prove_slowdown: gnuplot did not finish the picture")
    shutil.move(picture, to)


def main():
    if len(sys.argv) not in (4, 5) or sys.argv[4:] not in ([], ["hog"]):
        sys.exit(__doc__.split("\n\n")[-1].strip())
    built, out, rounds = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    shared = bool(sys.argv[4:])
    cell = SHARED if shared else ALONE
    name = "slowdown-hog" if shared else "slowdown"
    folder = built.resolve().relative_to(Path.cwd()) / "prove"
    folder.mkdir(parents=True, exist_ok=True)
    turns, said = calibrate(cell, folder)
    print(said, file=sys.stderr)
    plant(folder, turns)
    program = build(folder)
    pool = folder / "pool"
    with hog() if shared else contextlib.nullcontext():
        measure(program, cell, pool, rounds)
    version = subprocess.run([program, "--version"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    data = folder / f"{name}.dat"
    text = (f"make prove-slowdown ROUNDS={rounds}{' HOG=1' * shared}: "
            f"{version}{said}\n")
    if shared:
        hide(pool, folder / "hidden")
        text += "\nwithout: " + detect(built, folder / "hidden",
                                       folder / "without.dat")
        text += "\nwith: " + detect(built, pool, folder / "with.dat")
        side_by_side(folder / "with.dat", folder / "without.dat", data)
    else:
        text += detect(built, pool, data)
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.txt").write_text(text, "utf-8")
    shutil.copy(data, out / f"{name}.dat")
    draw(data, out / f"{name}.svg", *(("with", "without") if shared else
                                      ("found", "predicted")))
    print(text, end="")


if __name__ == "__main__":
    main()
