#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints the decision table of the README with numbers from the kept runs.

Usage: decision_table.py [RESULTS]   (results)
Every number is a median over the verified observations of one cell at the
smallest core distance.
"""
import csv
import re
import statistics
import sys
from pathlib import Path

import distance_class

# The rings of this project.
OWN = ("spsc_ring", "mpmc_ring", "scq")

# Columns: situation, queue, wait policy, reason. {...}: see Runs.fill().
ROWS = (
    ("1 producer and 1 consumer, each on its own CPU; throughput matters",
     "`spsc_ring`", "`spin`",
     "{rate peers stream spin 1x1 spsc_ring}; "
     "{next peers stream spin 1x1}; "
     "`mutex`: {rate peers stream spin 1x1 mutex}"),
    ("1 producer and 1 consumer, each on its own CPU; round-trip time matters",
     "`spsc_ring`", "`spin`",
     "a round trip takes {trip peers spin llc spsc_ring}; "
     "with `line`, one bare cache line, {trip peers spin llc line}; "
     "with `atomic_spsc_wait`, which cannot give up a wait, "
     "{trip peers spin llc atomic_spsc_wait}; "
     "with `mutex` {trip peers spin llc mutex}"),
    ("usually 1 producer and 1 consumer, sometimes more",
     "`mpmc_ring`", "`spin`",
     "1 producer and 1 consumer: {rate peers stream spin 1x1 mpmc_ring}; "
     "2 producers and 2 consumers on 2 CPUs: {rate peers stream yield 2x2 mpmc_ring}"),
    ("many producers and consumers, a bounded queue",
     "`mpmc_ring`", "`yield`",
     "2 producers and 2 consumers on 2 CPUs: {rate peers stream yield 2x2 mpmc_ring}; "
     "`vyukov`: {rate peers stream yield 2x2 vyukov}; "
     "`mutex`: {rate peers stream yield 2x2 mutex}"),
    ("many producers and consumers; messages of different producers need no order",
     "`moodycamel_tokens`", "`yield`",
     "2 producers and 2 consumers on 2 CPUs: "
     "{rate peers stream yield 2x2 moodycamel_tokens}; "
     "it has no bound"),
    ("a thread may be killed or suspended for ever inside push or pop",
     "`scq`", "`yield`",
     "lock-free while fewer threads are suspended than the queue holds "
    "messages; "
     "2 producers and 2 consumers on 2 CPUs: {rate peers stream yield 2x2 scq}; "
     "with `boost_queue`, for which the same holds, "
     "{rate peers stream yield 2x2 boost_queue}"),
    ("more threads than CPUs, or two threads on one CPU",
     "`mutex`", "`block`",
     "round trips on one CPU: {trips reference block same-cpu mutex}; "
     "with `poll` {trips reference poll same-cpu mutex}, because a waiting "
     "thread keeps the CPU that the other thread needs"),
    ("messages are rare, and CPU time matters",
     "`mutex`", "`block`",
     "`block` uses {cpus reference block llc mutex} CPUs and `poll` "
     "{cpus reference poll llc mutex} for round trips on 2 CPUs; "
     "a round trip takes {trip reference block llc mutex} instead of "
     "{trip reference poll llc mutex}"),
    ("two processes, or a thread that also waits for files and sockets",
     "`pipe`", "`block`",
     "{rate peers stream block 1x1 pipe}; a round trip takes "
     "{trip peers block llc pipe}"),
)


class Runs:
    def __init__(self, results):
        self.results = results
        self.rows = {}

    def select(self, run, **factors):
        """Returns the verified, undisturbed observations of these cells."""
        if run not in self.rows:
            with open(self.results / run / "results.csv", newline="",
                      encoding="utf-8") as file:
                self.rows[run] = distance_class.smallest([
                    row for row in csv.DictReader(file)
                    if row["status"] == "ok" and row["verified"] != "0"
                    and not {"superseded", "disturbed"} & set(
                        row["flags"].split("+"))])
        return [row for row in self.rows[run]
                if all(row[name] == value for name, value in factors.items())]

    def median(self, rows, value, what):
        if not rows:
            sys.exit(f"decision_table.py: {self.results}: no observation of "
                     f"{what}; measure it, or change ROWS")
        return statistics.median(value(row) for row in rows)

    @staticmethod
    def per_s(row):
        return float(row["throughput_msg_per_s"])

    def stream(self, run, wait, shape):
        producers, consumers = shape.split("x")
        return self.select(run, scenario="stream", wait=wait, placement="llc",
                           producers=producers, consumers=consumers)

    def rate(self, run, _, wait, shape, backend):
        rows = [row for row in self.stream(run, wait, shape)
                if row["backend"] == backend and row["capacity"] != "10"]
        return messages(self.median(rows, self.per_s, backend))

    def next(self, run, _, wait, shape):
        """Returns the fastest queue of another project."""
        by_name = {}
        for row in self.stream(run, wait, shape):
            if row["verified"] == "1" and row["backend"] not in OWN + (
                    "lines",):
                by_name.setdefault(row["backend"], []).append(row)
        rates = {name: self.median(rows, self.per_s, name)
                 for name, rows in by_name.items()}
        best = max(rates, key=rates.get)
        return ("best queue of another project, "
                f"`{best}`: {messages(rates[best])}")

    def pingpong(self, run, wait, placement, backend):
        rows = [row for row in self.select(
            run, scenario="pingpong", queues="2", wait=wait,
            placement=placement, backend=backend)
            if row["capacity"] != "10"]
        # Prefers rows with the stop condition `event`; some queues can only be
        # ended by sentinels.
        return [row for row in rows if row["stop"] == "event"] or rows

    def trip(self, *cell):
        """The rate of round trips; a round trip is two messages."""
        rate = self.median(self.pingpong(*cell), self.per_s, cell)
        return duration(2e9 / rate)

    def trips(self, *cell):
        rate = self.median(self.pingpong(*cell), self.per_s, cell)
        return f"{short(rate / 2)} a second"

    def cpus(self, *cell):
        return "{:.2f}".format(self.median(
            self.pingpong(*cell),
            lambda row: int(row["cpu_ns"]) / int(row["elapsed_ns"]), cell))

    def fill(self, text):
        """{KIND WORDS}: the result of the method KIND."""
        return re.sub(r"\{(\w+) ([^}]*)\}", lambda match: getattr(
            self, match[1])(*match[2].split()), text)


def short(value):
    """Formats a number with 3 digits and the suffix k, M or G."""
    for factor, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= factor:
            return f"{value / factor:.3g}{unit}"
    return f"{value:.3g}"


def messages(rate):
    return f"{short(rate)} messages/s"


def duration(ns):
    for factor, unit in ((1e6, "ms"), (1e3, "us")):
        if ns >= factor:
            return f"{ns / factor:.3g} {unit}"
    return f"{ns:.3g} ns"


def table(results):
    runs = Runs(results)
    lines = ["| what you have | queue | wait policy | why |",
             "|---|---|---|---|"]
    lines += [f"| {have} | {queue} | {wait} | {runs.fill(why)} |"
              for have, queue, wait, why in ROWS]
    return lines


if __name__ == "__main__":
    print("\n".join(table(Path(sys.argv[1] if sys.argv[1:] else "results"))))
