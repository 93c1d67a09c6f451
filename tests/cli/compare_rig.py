# SPDX-License-Identifier: BSD-2-Clause
"""Shared by the tests of compare: makes sides with given values, and parses
the output."""
import csv
import io
import random

import made_up
from made_up import rounds
from program import ProgramTest

WIDTH = 80
RATE = 1e7


def noisy(dice, count=12, rate=RATE, spread=0.005):
    return [rate * dice.lognormvariate(0, spread) for _ in range(count)]


class Compare(ProgramTest):
    """Sides are folders. Each row is a dictionary of the output of --csv."""

    def setUp(self):
        super().setUp()
        self.dice = random.Random(4)

    def write(self, name, *lists, **facts):
        made_up.write(self.cwd / name, sum(lists, []), **facts)

    def pair(self, ratio=1.0, count=12, spread=0.005, both=None, **changed):
        """Writes base and new with common sessions. The values of new are
        `ratio` times the values of base."""
        values = noisy(self.dice, count, spread=0.1)
        news = [value * ratio * self.dice.lognormvariate(0, spread)
                for value in values]
        both = both or {}
        self.write("base", rounds(values, **both))
        self.write("new", rounds(news, **{**both, "build_id": "b2",
                                          **changed}))

    def sessions(self, side, minutes, ratio=1.0, spread=0.01, **changed):
        """Writes sessions of five rounds that began in these minutes."""
        lists = []
        for i, minute in enumerate(minutes):
            rate = RATE * ratio * self.dice.lognormvariate(0, spread)
            lists.append(rounds(
                noisy(self.dice, 5, rate), session_id=f"{side}{i}",
                started_at=f"2026-01-01T00:{minute:02}:00Z", **changed))
        self.write(side, *lists)

    def rows(self, *words, code=0):
        out, err = self.ringbench("compare", *words, "--csv", code=code)
        self.assertEqual(err, "")
        return list(csv.DictReader(io.StringIO(out)))

    def row(self, *words, code=0):
        found = self.rows(*words, code=code)
        self.assertEqual(len(found), 1)
        return found[0]

    def text(self, *words, code=0):
        out, err = self.ringbench("compare", *words, code=code)
        self.assertEqual(err, "")
        for line in out.splitlines():
            # A command to copy must be on one line.
            if not line.startswith(("    ringbench ", "    --")):
                self.assertLessEqual(len(line), WIDTH, line)
        return " ".join(out.split())

    def cannot_judge(self, base, new, what="slower"):
        """Expects the table, and then an error about --fail-on."""
        out, err = self.ringbench("compare", base, new, "--fail-on", what,
                                  code=3)
        self.assertTrue(out.startswith("No verdict: "), out)
        self.assertIn("no row has a verdict", err)
