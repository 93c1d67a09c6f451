#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares latencies under load with theory.

Usage: prove_load.py BUILD OUT. OUT gets load.txt. There are two parts:

1. Random arrivals and a consumer that rests for a constant time after each
   message are an M/D/1 queue. The time of a service is the mean measured rest. A
   message waits for the messages before it. The script prints the medians over
   the undisturbed rounds: the measured percentiles of this wait, the percentiles
   of the same arrivals in a queue with exactly this service time (Lindley's
   recursion), and the percentiles of an M/D/1 queue (Erlang's formula).
2. A real-time thread takes the consumer's CPU for 100 ms in each 500 ms. At a
   constant rate, a fifth of the messages waits, and their waits are spread
   evenly from 0 to 100 ms. Needs permission for real-time scheduling.
"""
import csv
import math
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

PERCENTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
COMMON = ("--scenario", "stream", "--backend", "spsc_ring", "--wait", "spin",
          "--placement", "near")
REST_S, ROUNDS, SECONDS = 500e-6, 6, 3
STALL_S, PERIOD_S = 0.1, 0.5
STALL_RATE, STALL_SECONDS = 4000, 5


def measure(program, folder, *words):
    """Returns rows, each with the row of its consumer."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([program, "run", *COMMON, *words, "--out", folder],
                   check=True, stdout=subprocess.DEVNULL)
    tables = []
    for name in ("results.csv", "threads.csv"):
        with open(folder / name, newline="", encoding="utf-8") as file:
            tables.append(list(csv.DictReader(file)))
    consumers = [row for row in tables[1]
                 if row["thread"].startswith("consumer")]
    return list(zip(tables[0], consumers))


def shares():
    """The shares in (0, 1] of bench/scenarios/stream_pace.h, producer 0."""
    mask, state = 2 ** 64 - 1, 1
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & mask
        yield ((z ^ z >> 31) >> 11) * 2.0 ** -53 + 2.0 ** -53


def waits_of_the_schedule(rate, service_s):
    waits, due, free = [], 0.0, 0.0
    for share in shares():
        due -= math.log(share) / rate
        if due > SECONDS:
            return sorted(waits)
        waits.append(max(0.0, free - due))
        free = max(free, due) + service_s
    return []


def waits_at_most(time_s, rate, service_s):
    """The share of the messages of an M/D/1 queue that waits at most for this
    time (Erlang, 1909)."""
    total = 0.0
    for k in range(int(time_s / service_s) + 1):
        x = rate * (k * service_s - time_s)
        total += x ** k / math.factorial(k) * math.exp(-x)
    return (1 - rate * service_s) * total


def quantile_of_theory(share, rate, service_s):
    low, high = 0.0, 30 * service_s
    if waits_at_most(0, rate, service_s) >= share:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2
        if waits_at_most(middle, rate, service_s) < share:
            low = middle
        else:
            high = middle
    return high


def service_of(consumer):
    return (float(consumer["wait_pace_ns"]) / 1e9 /
            float(consumer["messages"]))


def random_load(program, folder):
    pilot, = measure(program, folder, "--rounds", "1", "--consume-every",
                     f"{REST_S * 1e6:.0f}us", "--duration", "1s")
    yield ("utilisation  service percentile  measured  same arrivals  M/D/1  "
           "(us)")
    for load in (0.3, 0.5, 0.7):
        rate = round(load / service_of(pilot[1]))
        rounds = measure(program, folder, "--rounds", str(ROUNDS),
                         "--retry", "2", "--consume-every",
                         f"{REST_S * 1e6:.0f}us", "--rate", str(rate),
                         "--arrivals", "poisson", "--duration", f"{SECONDS}s")
        kept = [pair for pair in rounds
                if "disturbed" not in pair[0]["flags"].split("+")]
        if not kept:
            yield f"{load:11}  all rounds were disturbed"
            continue
        service_s = statistics.median(service_of(pair[1]) for pair in kept)
        waits = waits_of_the_schedule(rate, service_s)
        for name, share in PERCENTILES.items():
            measured = statistics.median(float(row[f"latency_{name}_ns"])
                                         for row, _ in kept)
            same = waits[int(share * len(waits))]
            theory = quantile_of_theory(share, rate, service_s)
            yield (f"{rate * service_s:11.2f} {1e6 * service_s:8.1f} "
                   f"{name:10} {measured / 1000:9.1f} {1e6 * same:14.1f} "
                   f"{1e6 * theory:6.1f}")


HOG = """
import os, time
os.sched_setaffinity(0, {{{cpu}}})
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
print(flush=True)
start = time.monotonic()
while True:
    start += {period}
    time.sleep(max(0, start - time.monotonic()))
    while time.monotonic() < start + {stall}:
        pass
"""


def stalls(program, folder):
    words = ("--rounds", "1", "--retry", "0", "--rate", str(STALL_RATE),
             "--duration", f"{STALL_SECONDS}s")
    (_, consumer), = measure(program, folder, *words)
    code = HOG.format(cpu=consumer["cpu"], period=PERIOD_S, stall=STALL_S)
    with subprocess.Popen([sys.executable, "-c", code],
                          stdout=subprocess.PIPE) as hog:
        try:
            if not hog.stdout.readline():
                sys.exit("prove_load.py: no permission for real-time "
                         "scheduling; run it as root")
            (row, again), = measure(program, folder, *words)
        finally:
            hog.kill()
    if again["cpu"] != consumer["cpu"]:
        sys.exit("prove_load.py: the consumer has another CPU; run it again")
    share = STALL_S / PERIOD_S
    yield f"stalls of {1000 * STALL_S:.0f} ms, {100 * share:.0f} % of the time"
    yield "percentile  measured  theory  (latency, ms)"
    for name, part in {**PERCENTILES, "p999": 0.999, "max": 1}.items():
        theory = STALL_S * max(0, part - (1 - share)) / share
        yield (f"{name:10} {float(row[f'latency_{name}_ns']) / 1e6:9.3f} "
               f"{1000 * theory:7.1f}")


def main():
    program, out = Path(sys.argv[1]) / "ringbench", Path(sys.argv[2])
    folder = Path(sys.argv[1]) / "prove/load"
    folder.parent.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([program, "--version"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    lines = [f"make prove-load: {version}".rstrip()]
    lines += random_load(program, folder)
    lines += stalls(program, folder)
    text = "".join(f"{line}\n" for line in lines)
    out.mkdir(parents=True, exist_ok=True)
    (out / "load.txt").write_text(text, "utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
