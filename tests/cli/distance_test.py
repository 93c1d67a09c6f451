#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The core distance is measured between threads on different CPUs only."""
import os
import unittest

from program import QUICK, ProgramTest, rows

LINES = ("line_before_ns", "line_after_ns")


class Distance(ProgramTest):
    def measure(self, *words):
        """The rows of results.csv and of threads.csv."""
        self.ringbench("run", "--out", "run", "--rounds", "1", *QUICK, *words)
        return (rows(self.cwd / "run/results.csv"),
                rows(self.cwd / "run/threads.csv"))

    def assert_measured(self, files):
        for row in files[0] + files[1]:
            for name in LINES:
                self.assertGreater(float(row[name]), 0, row)
        for name in LINES:
            self.assertEqual(
                max(float(row[name]) for row in files[1]),
                float(files[0][0][name]))

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "needs two CPUs")
    def test_pinned_threads_have_a_core_distance(self):
        self.assert_measured(self.measure("--scenario", "pingpong",
                                          "--placement", "near"))

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "needs two CPUs")
    def test_without_a_warm_up_the_window_has_both_distances(self):
        self.assert_measured(self.measure("--scenario", "pingpong",
                                          "--placement", "near",
                                          "--warmup", "0ns"))

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "needs two CPUs")
    def test_processes_measure_distances_like_threads(self):
        self.assert_measured(self.measure("--scenario", "counter", "--sync",
                                          "atomic", "--share", "processes",
                                          "--placement", "near"))

    def test_unpinned_threads_and_threads_on_one_cpu_have_no_distance(self):
        files = self.measure("--scenario", "pingpong", "--backend", "mutex",
                             "--placement", "any,same-cpu")
        self.assertEqual(len(files[0]), 2)
        for row in files[0] + files[1]:
            self.assertEqual([row[name] for name in LINES], ["", ""])


if __name__ == "__main__":
    unittest.main()
