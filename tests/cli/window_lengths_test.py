#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A plan may measure some cells of a run in longer windows than others."""
import json
import unittest

from made_up import rounds, write
from program import ProgramTest

LONG_NS = 1_000_000_000


class WindowLengths(ProgramTest):
    def setUp(self):
        super().setUp()
        cells = [((3e6, 1), {"wait": "poll"}),
                 ((2e6, 2), {"wait": "poll", "duration_ns": LONG_NS}),
                 ((1e6, 1), {"wait": "block", "duration_ns": LONG_NS})]
        write(self.cwd / "run", [
            row for (rate, queues), changed in cells
            for row in rounds([rate * (1 + i % 5 * 0.002) for i in range(12)],
                              scenario="pingpong", queues=queues, **changed)])

    def test_one_row_of_a_table_shows_both_lengths(self):
        out, _ = self.ringbench("report", "run")
        self.assertRegex(out, r"(?m)^poll +mutex +llc +3\.01M .*"
                              r" 2\.01M .* 1/1\.5")

    def test_cells_of_both_lengths_are_compared_within_the_run(self):
        out, _ = self.ringbench("compare", "run", "--by", "wait", "--base",
                                "poll", "--json")
        row, = json.loads(out)["rows"]
        self.assertEqual((row["cell"]["wait"], row["verdict"]),
                         ("block", "slower"), row)


if __name__ == "__main__":
    unittest.main()
