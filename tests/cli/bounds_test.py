#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Bounds in tables."""
import re
import shutil
import unittest

from made_up import floor, rounds, shape, write
from program import ProgramTest, measure_once

WIDTH = 80
FLOORS = ("null", "lines", "faa", "faa_bulk")


class Floors(ProgramTest):
    """Bounds are measured like other backends."""

    @classmethod
    def setUpClass(cls):
        cls.folder, cls.out, cls.err = measure_once(
            "--scenario", "stream", "--backend",
            ",".join(FLOORS) + ",mutex", "--wait", "spin,block",
            "--producers", "1,2", "--consumers", "1,2", "--placement", "any",
            "--rounds", 1, "--duration", "60ms")

    def setUp(self):
        super().setUp()
        shutil.copytree(self.folder, self.cwd / "run")

    def test_bounds_are_not_verified(self):
        for row in self.results():
            self.assertEqual(row["status"], "ok", row)
            self.assertEqual(row["verified"],
                             "" if row["backend"] in FLOORS else "1", row)
            if row["backend"] in FLOORS:
                self.assertEqual(row["lost"], "", row)

    def test_only_lines_is_limited_to_one_thread_on_each_side(self):
        shapes = {(row["backend"], row["producers"] + row["consumers"])
                  for row in self.results()}
        self.assertEqual(len(shapes), 4 * 4 + 1)
        self.assertIn(("lines", "11"), shapes)
        self.assertIn("lines is for one", self.err.replace(":", ""))

    def test_bounds_are_not_ranked(self):
        out, _ = self.ringbench("compare", "run", "--by", "backend", "--base",
                                "mutex", code=None)
        table = out.split("left out", 1)[0]
        for name in FLOORS:
            self.assertNotRegex(table, rf"(?m)^.* {name} .*(faster|slower)")

    def test_a_queue_is_compared_with_a_bound_that_is_the_baseline(self):
        write(self.cwd / "two", rounds([2e6] * 8) + floor("lines", 8e6) +
              floor("null", 9e6) + rounds([4e6] * 8, backend="spsc_ring"))
        out, _ = self.ringbench("compare", "two", "--by", "backend", "--base",
                                "lines", code=None)
        self.assertRegex(out, r"(?m)^mutex .* 0\.250 ")
        self.assertRegex(out, r"(?m)^spsc_ring .* 0\.500 ")
        self.assertIn("null (not a queue)", " ".join(out.split()))
        best = out.split("best backend of each group")[1].split("\n\n")[0]
        self.assertNotIn("lines", best)

    def test_bounds_come_first_in_a_table(self):
        lines = self.out.splitlines()
        names = [line[12:].split()[0] for line in lines
                 if re.search(r" any +\dx\d", line)]
        for part in (names[:len(names) // 2], names[len(names) // 2:]):
            self.assertEqual([name in FLOORS for name in part],
                             sorted((name in FLOORS for name in part),
                                    reverse=True))

    def test_every_queue_has_its_share_of_the_bound(self):
        # A table with disturbed rounds ends with "9 of 12".
        rows = re.findall(r"(?m)^.*?(\S+) +any +(\dx\d) .*? (\S+) +\d+"
                          r"(?: +\d+ of \d+)?$", self.out)
        self.assertEqual(len(rows), 2 * (4 * 4 + 1 + 0))
        for name, _, share in rows:
            self.assertRegex(share, r"^-$" if name in FLOORS
                             else r"^[\d.]+k?%$")


class Table(ProgramTest):
    def report(self, *parts):
        write(self.cwd / "run", [row for part in parts for row in part])
        out, _ = self.ringbench("report", "run")
        for line in out.splitlines():
            self.assertLessEqual(len(line), WIDTH, line)
        return out

    def test_a_share_is_the_quotient_of_the_medians(self):
        out = self.report(rounds([2e6] * 6), floor("lines", 8e6))
        self.assertRegex(out, r"(?m) mutex +llc +1x1 .* 25% +1023$")
        self.assertIn("\nof bound: ", out)

    def test_without_the_bound_there_is_no_column(self):
        out = self.report(rounds([2e6] * 6), floor("null", 8e6),
                          floor("lines", 8e6, wait="block"))
        self.assertNotIn("of bound", out)
        self.assertRegex(out, r" ns +capacity\n")

    def test_pingpong_has_a_table_for_its_bound(self):
        out = self.report(
            rounds([2e6] * 6, scenario="pingpong", queues=2),
            rounds([9e6] * 6, scenario="pingpong", queues=1),
            floor("line", 4e6, scenario="pingpong", queues=2))
        self.assertRegex(out, r"(?m)^pingpong: round trips through two queues, and their bound$")
        self.assertEqual(re.findall(r"(?m) mutex .* (\d+%)$", out), ["50%"])

    def test_the_widest_names_and_numbers_fit_into_80_columns(self):
        wide = {"wait": "timeout:1ms", "placement": "same-cpu",
                **shape(16, 16), "capacity": 8388607,
                "capacity_usable": 8388607}
        out = self.report(
            rounds([2.22e-3, 9e8] * 3, backend="moodycamel_spsc", **wide),
            rounds([2e9] * 6, backend="moodycamel",
                   **{**wide, "capacity": "", "capacity_usable": 0}),
            floor("faa", 1e3, **wide), floor("faa_bulk", 1e3, **wide))
        self.assertRegex(out, r" unbounded\n")


if __name__ == "__main__":
    unittest.main()
