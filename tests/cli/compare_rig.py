# SPDX-License-Identifier: BSD-2-Clause
"""What tests of compare share: sides that are made up, and what is said."""
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
    """Sides are folders; each row a dictionary of what --csv says."""

    def setUp(self):
        super().setUp()
        self.dice = random.Random(4)

    def write(self, name, *lists, **facts):
        made_up.write(self.cwd / name, sum(lists, []), **facts)

    def pair(self, ratio=1.0, count=12, spread=0.005, both=None, **changed):
        """base and new share sessions, and new is `ratio` times base."""
        values = noisy(self.dice, count, spread=0.1)
        news = [value * ratio * self.dice.lognormvariate(0, spread)
                for value in values]
        both = both or {}
        self.write("base", rounds(values, **both))
        self.write("new", rounds(news, **{**both, "build_id": "b2",
                                          **changed}))

    def sessions(self, side, minutes, ratio=1.0, spread=0.01, **changed):
        """A session of five rounds began in each of these minutes."""
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
            # A command, or its options, is one line, to be copied.
            if not line.startswith(("    ringbench ", "    --")):
                self.assertLessEqual(len(line), WIDTH, line)
        return " ".join(out.split())

    def cannot_judge(self, base, new, what="slower"):
        """The table is printed, and then --fail-on is refused."""
        out, err = self.ringbench("compare", base, new, "--fail-on", what,
                                  code=3)
        self.assertTrue(out.startswith("No verdict: "), out)
        self.assertIn("no row has a verdict", err)
