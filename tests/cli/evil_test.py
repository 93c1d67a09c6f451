#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every kind of faulty queue is caught or flagged in each run in which its
fault happens.

The kinds are the lines of tests/backends/evil_kinds.h. The queue counts in a
file how often its fault happened; a kind whose fault did not happen proves
nothing. make test uses one rate; EVIL_RATES=10,10000,1000000 (make soak) sets
other rates.
"""
import concurrent.futures
import os
import re
import struct
import tempfile
import unittest
from collections import namedtuple
from pathlib import Path

from program import REPO, ProgramTest, sanitized

Kind = namedtuple("Kind", "name at when")
KINDS = [Kind(*found) for found in re.findall(
    r"^EVIL\((\w+), (\w+), (\w+), ",
    (REPO / "tests/backends/evil_kinds.h").read_text("utf-8"), re.M)]
RATES = [int(rate) for rate in os.environ.get("EVIL_RATES", "100").split(",")]
SOAK = "SOAK" in os.environ

# The watchdog waits for 5 s for each of these kinds.
HANG = {"leaves", "hangs", "hangs_push", "spins", "hangs_create",
        "hangs_close", "hangs_drain", "hangs_destroy", "stops",
        "drain_endless", "ignores_close"}
HANGS_HERE = {"leaves", "hangs_create", "hangs_drain"}

# Faults that cannot be observed from the two ends of the queue, and the reason.
LEGAL = {
    "sound": "has no fault",
    "overtakes": "messages of two producers have no order",
    "crosses": "two consumers have no common order",
    "false_empty": "looks like a consumer that came a moment earlier",
    "false_full": "looks like a producer that came a moment earlier",
    "says_filled": "the pop that follows fails, as it must",
    "smaller": "looks like a consumer that is slow",
    "larger": "looks like a consumer that is fast",
    "says_words": "the result has a descriptor of its own",
    "says_end": "the result has a descriptor of its own",
    "says_result": "the result has a descriptor of its own",
    "closes_stdout": "the result has a descriptor of its own",
    "ignores_close": "the last message of another thread can wake the sleeper",
    "forks": "the runner ends the process; runner_test.py proves it",
}
# Faults that several consumers notice only if one consumer gets two
# neighbouring messages.
LEGAL_FOR_TWO = {"swaps", "delays", "reverses", "newest", "breaks_producer"}
# Faults that need several threads on one side.
FOR_TWO = {"starves_consumer", "starves_producer"}
# Small leaks are allowed. The fault of these kinds must happen at least this
# number of times before it is caught.
LEAST = {"leaks": 100, "leaks_pages": 100, "leaks_files": 10}

FLAGS = {"stalled", "starved", "capacity_rounded", "leaks"}


def is_caught(row):
    return row["status"] != "ok" or FLAGS & set(row["flags"].split("+"))


class Evil(ProgramTest):
    def observe(self, names, every, duration, *shape):
        """Observes each kind once. Returns the rows and the number of faults,
        by name."""
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=self.cwd))
        counters = folder.with_suffix(".fired")
        counters.write_bytes(bytes(8 * len(KINDS)))
        self.ringbench(
            "run", "--out", folder.name, "--placement", "any", "--rounds", 1, "--retry", 0,
            "--warmup", "0ns", "--duration", duration, "--backend",
            ",".join([*names, "mutex"]), *shape, code=None, program="faulty",
            env={**os.environ, "EVIL_EVERY": str(every), "EVIL_FROM": "100",
                 "EVIL_FIRED": str(counters)})
        acted = struct.unpack(f"={len(KINDS)}Q", counters.read_bytes())
        rows = {row["backend"]: row for row in self.results(folder.name)}
        self.assertEqual(set(rows), {*names, "mutex"})
        self.assert_unharmed(rows["mutex"])
        return rows, {kind.name: count for kind, count in zip(KINDS, acted)}

    def assert_unharmed(self, row):
        # A row without messages got no CPU, which is not caused by the faulty
        # queues.
        if row["messages"] != "0":
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"),
                             row)

    def unseen(self, names, rows, fired, legal):
        excused = {*LEGAL, *legal}
        return [name for name in names
                if fired[name] >= LEAST.get(name, 1) and
                name not in excused and not is_caught(rows[name])]

    def catch(self, kinds, *shape, legal=(), leave_out=(), enough=0):
        """Returns the names of the kinds whose fault happened. Checks that
        these kinds, and no others, were caught.

        On a busy machine, a thread that yields waits for milliseconds. If at
        most `enough` kinds acted, the other kinds get a longer window.
        """
        all_names = [kind.name for kind in kinds if kind.name not in leave_out]
        steps = [(every, "2s" if every > 1000 else "60ms") for every in RATES]
        steps += [(min(RATES), "1s"), (min(RATES), "4s")]
        acted = set()
        for step, (every, duration) in enumerate(steps):
            names = all_names
            if step >= len(RATES):
                names = [name for name in all_names if name not in acted]
                if len(acted) > enough or not names:
                    break
            rows, fired = self.observe(names, every, duration, *shape)
            unseen = self.unseen(names, rows, fired, legal)
            # If threads waited for a CPU for most of a short window, a stall is
            # not visible, so measure again with a longer window.
            if unseen:
                rows_again, fired_again = self.observe(unseen, every, "3s",
                                                       *shape)
                unseen = self.unseen(unseen, rows_again, fired_again, legal)
            self.assertEqual([], [
                (name, fired[name], rows[name]["flags"]) for name in unseen],
                             f"1 in {every}, {shape}")
            for name in names:
                if not fired[name] and rows[name]["messages"] != "0":
                    self.assertEqual(rows[name]["status"], "ok", name)
            acted |= {name for name in names if fired[name]}
        return acted

    def kinds(self, *points, hang=False):
        return [kind for kind in KINDS if (not points or kind.at in points) and
                (kind.name in HANG) == hang]


@unittest.skipIf(sanitized(), "sanitizers end the evil before it acts")
class Streams(Evil):
    def test_faults_between_one_producer_and_one_consumer_are_found(self):
        acted = self.catch(self.kinds("AT_NOTHING", "AT_CREATE", "AT_PUSH",
                                      "AT_POP", "AT_CLOSE", "AT_DRAIN",
                                      "AT_DESTROY"),
                           "--scenario", "stream", "--wait", "yield",
                           leave_out=FOR_TWO, enough=60)
        self.assertGreater(len(acted), 60)

    def test_faults_between_two_producers_and_two_consumers_are_found(self):
        acted = self.catch(self.kinds("AT_PUSH", "AT_POP"), "--scenario",
                           "stream", "--producers", 2, "--consumers", 2,
                           "--wait", "yield", legal=LEGAL_FOR_TWO,
                           enough=50)
        self.assertGreater(len(acted), 50)

    def test_faults_of_is_empty_are_found_by_a_policy_that_calls_it(self):
        self.catch(self.kinds("AT_EMPTY"), "--scenario", "stream", "--wait",
                   "poll")

    def test_faults_of_native_waits_are_found(self):
        acted = self.catch(self.kinds("AT_WAIT", "AT_SIGNAL"), "--scenario",
                           "stream", "--capacity", 4, "--wait", "block")
        self.assertIn("closes_early", acted)

    def test_faults_of_batches_are_found(self):
        acted = self.catch(self.kinds("AT_POP_BULK", "AT_PUSH_BULK"),
                           "--scenario", "stream", "--batch", 4, "--wait",
                           "yield", enough=1)
        self.assertGreater(len(acted), 1)

    def test_queues_that_hang_are_found(self):
        kinds = [kind for kind in self.kinds(hang=True)
                 if SOAK or kind.name in HANGS_HERE]
        # Side by side, because each waits for the watchdog.
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda kind: self.catch(
                [kind], "--scenario", "stream", "--wait", "block"), kinds))


@unittest.skipIf(sanitized(), "sanitizers end the evil before it acts")
class Pingpong(Evil):
    def test_faults_with_two_queues_are_found(self):
        acted = self.catch(self.kinds("AT_PUSH", "AT_POP"), "--queues", 2,
                           "--wait", "yield", leave_out=FOR_TWO, enough=30)
        self.assertGreater(len(acted), 30)


class Kinds(unittest.TestCase):
    def test_there_are_at_least_60_different_kinds(self):
        names = [kind.name for kind in KINDS]
        self.assertEqual(len(set(names)), len(names))
        self.assertGreater(len(set(names) - set(LEGAL)), 60)

    def test_every_kind_is_in_the_table_of_the_docs(self):
        page = (REPO / "docs/verification.md").read_text("utf-8")
        self.assertEqual(
            sorted(re.findall(r"`(\w+)`", "".join(
                line.split("|")[1] for line in page.splitlines()
                if line.startswith("| `")))),
            sorted(kind.name for kind in KINDS))


if __name__ == "__main__":
    unittest.main()
