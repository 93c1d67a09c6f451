#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The page of the tutorial is made from a run and a template."""
import csv
import subprocess
import sys

import unittest

from program import REPO, ProgramTest

SCRIPT = REPO / "scripts/tutorial_page.py"


class Page(ProgramTest):
    def setUp(self):
        super().setUp()
        self.measure("--scenario", "stream", "--backend", "mutex,ck_spsc",
                     "--wait", "block", "--placement", "any", "--rounds", "3")

    def page(self, template, code=0):
        (self.cwd / "page.in").write_text(template, "utf-8")
        done = subprocess.run(
            [sys.executable, SCRIPT, "run", "page.in"], cwd=self.cwd,
            text=True, capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def test_a_table_has_a_row_and_a_column_for_each_factor(self):
        lines = self.page("{{table rows=wait columns=backend "
                          "value=left_over}}\n").splitlines()
        self.assertEqual(lines[0], "| wait | ck_spsc | mutex |")
        self.assertEqual(lines[1], "|---|---:|---:|")
        self.assertRegex(lines[2], r"^\| block \| \S+ \| \S+ \|$")
        self.assertEqual(len(lines), 3)

    def test_filters_choose_rows(self):
        page = self.page("{{table backend=mutex rows=wait columns=backend "
                         "value=throughput_msg_per_s}}\n")
        self.assertNotIn("ck_spsc", page)

    def rewrite(self, change):
        """Passes the rows of the run through a function."""
        path = self.cwd / "run/results.csv"
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        rows = change(rows)
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    def test_a_value_can_be_a_sum_with_weights(self):
        self.rewrite(lambda rows: [
            {**row, "busy_ns": "1000", "cpu_ns": "50000"} for row in rows])
        page = self.page("{{table backend=mutex rows=wait columns=backend "
                         "value=busy_ns+0.1*cpu_ns}}\n")
        self.assertIn("| block | 6.00 us |", page)

    def test_the_first_undisturbed_attempt_of_a_round_counts(self):
        def attempt(row, number, flags, value):
            return {**row, "attempt": str(number), "flags": flags,
                    "busy_ns": str(value)}

        self.rewrite(lambda rows: [
            attempt(row, number, flags, value) for row in rows
            for number, flags, value in (
                (1, "disturbed", 9000), (2, "", 2000), (3, "", 5000))])
        page = self.page("{{table backend=mutex rows=wait columns=backend "
                         "value=busy_ns}}\n")
        self.assertIn("| block | 2.00 us |", page)

    def test_rows_are_divided_by_the_best_of_the_named_rows(self):
        self.rewrite(lambda rows: [
            {**row, "wait": wait, "busy_ns": str(busy)} for row in rows
            for wait, busy in (("spin", 300), ("block", 200), ("yield", 500))])
        table = "{{table rows=wait columns=backend value=busy_ns over=%s}}\n"
        self.assertEqual(self.page(table % "spin,block").splitlines()[2:],
                         ["| yield | 2.50 | 2.50 |"])
        self.assertIn("no row", self.page(table % "poll", code=1))

    def test_of_several_core_distances_the_most_frequent_one_counts(self):
        def at(row, number, before, after, busy):
            return {**row, "round": str(number), "busy_ns": str(busy),
                    "line_before_ns": str(before), "line_after_ns": str(after)}

        self.rewrite(lambda rows: [
            at(row, *values) for row in rows
            for values in ((1, 60, 62, 2000), (2, 61, 63, 2000),
                           (3, 60, 64, 2000), (4, 320, 305, 9000),
                           (5, 60, 310, 9000), (6, "", "", 2000))])
        page = self.page("{{table backend=mutex rows=wait columns=backend "
                         "value=busy_ns}}\n{{rounds}}\n")
        self.assertIn("| block | 2.00 us |", page)

    def test_one_distance_is_one_class(self):
        self.rewrite(lambda rows: [
            {**row, "round": str(number), "busy_ns": "1000",
             "line_before_ns": str(60 + number), "line_after_ns": "70"}
            for row in rows for number in range(10)])
        self.assertEqual(self.page("{{rounds}}\n"), "10\n")

    def test_times_are_sorted_by_length_and_have_units(self):
        gaps = ("100000", "1000000", "20000", "1000")
        self.rewrite(lambda rows: [
            {**row, "duration_ns": gap} for row in rows for gap in gaps])
        lines = self.page("{{table backend=mutex rows=duration_ns "
                          "columns=backend value=busy_ns}}\n").splitlines()
        self.assertEqual([line.split(" | ")[0] for line in lines[2:]],
                         ["| 1 us", "| 20 us", "| 100 us", "| 1 ms"])

    def test_facts_of_the_run_are_in_the_text(self):
        self.assertEqual(self.page("{{rounds}} rounds\n"), "3 rounds\n")

    def test_other_text_does_not_change(self):
        self.assertEqual(self.page("# a | b\n\n`x`\n"), "# a | b\n\n`x`\n")

    def test_a_missing_cell_gives_one_line(self):
        for words, hint in (
                ("backend=python rows=wait columns=backend value=left_over",
                 "no such row"),
                ("rows=wait columns=backend", "no 'value'"),
                ("rows=colour columns=backend value=left_over",
                 "no column colour")):
            with self.subTest(words):
                said = self.page(f"{{{{table {words}}}}}\n", code=1)
                self.assertIn(hint, said)
                self.assertEqual(len(said.splitlines()), 1)

    def test_the_plan_of_the_page_is_valid(self):
        out, _ = self.ringbench("run", "--plan", "replay", "--dry-run")
        self.assertIn("pipeline", out)
        self.assertIn("handshake", out)


if __name__ == "__main__":
    unittest.main(verbosity=2)
