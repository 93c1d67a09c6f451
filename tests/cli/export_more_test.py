#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""export in the formats of hyperfine and of HdrHistogram, and of one cell."""
import json
import re
import shutil
import statistics
import subprocess
import unittest

import made_up
from format_rig import FormatTest

HISTOGRAMS = ("1000:3+2000:1", "1000:2+3000:4", "2000:10")


class Exporting(FormatTest):
    """The exports contain what a reader of the format needs."""

    def setUp(self):
        super().setUp()
        rows = []
        for backend, ns in (("mutex", 100), ("ck_spsc", 50)):
            for number, text in enumerate(HISTOGRAMS):
                rows.append(made_up.row(
                    scenario="handshake", backend=backend, round=number + 1,
                    elapsed_ns=ns * 1000 * (number + 1), messages=1000,
                    cpu_user_ns=30000, cpu_sys_ns=10000, event="futex",
                    wake_histogram=text))
        made_up.write(self.cwd / "run", rows)

    def export(self, *words):
        return self.ringbench("export", "run", *words)[0]

    def test_hyperfine_has_every_time_of_a_cell(self):
        told = json.loads(self.export("--to", "hyperfine"))
        self.check_schema("hyperfine", told)
        self.assertEqual(len(told["results"]), 2)
        one = told["results"][0]
        for value, expected in zip(one["times"], (1e-7, 2e-7, 3e-7)):
            self.assertAlmostEqual(value, expected, delta=1e-15)
        for key, function in (("mean", statistics.mean),
                              ("stddev", statistics.stdev),
                              ("median", statistics.median),
                              ("min", min), ("max", max)):
            self.assertAlmostEqual(one[key], function(one["times"]),
                                   delta=1e-15)
        self.assertAlmostEqual(one["user"], 3e-8, delta=1e-15)
        self.assertEqual(one["parameters"]["backend"], "mutex")

    def test_the_command_of_a_result_measures_its_cell(self):
        told = json.loads(self.export("--to", "hyperfine"))
        words = told["results"][0]["command"].split()
        self.assertEqual(words[:2], ["ringbench", "run"])
        self.ringbench(*words[1:], "--dry-run", code=None)

    def test_hyperfine_itself_writes_the_same_keys(self):
        if not shutil.which("hyperfine"):
            self.skipTest("hyperfine is not installed")
        subprocess.run(["hyperfine", "-N", "-r", "2", "--export-json",
                        "its.json", "true"], cwd=self.cwd, check=True,
                       capture_output=True)
        its = json.loads((self.cwd / "its.json").read_text("utf-8"))
        ours = json.loads(self.export("--to", "hyperfine"))
        self.assertLessEqual(set(its["results"][0]), set(ours["results"][0]))

    def test_hdr_adds_the_histograms_of_all_rounds(self):
        text = self.export("--to", "hdr", "--metric", "wake_histogram",
                           "--cell", "mutex")
        lines = [line.split() for line in text.splitlines()
                 if re.match(r" +\d", line)]
        self.assertEqual([(float(line[0]), int(line[2])) for line in lines],
                         [(1000, 5), (2000, 16), (3000, 20)])
        self.assertEqual([float(line[1]) for line in lines], [.25, .8, 1])
        self.assertEqual([float(line[3]) for line in lines[:-1]], [1.33, 5])
        self.assertRegex(text, r"#\[Mean +=  +1950\.000, StdDeviation ")
        self.assertRegex(text, r"#\[Max  +=  +3000\.000, Total count +=  +20")

    def test_hdr_needs_one_cell_and_one_histogram(self):
        for words, says in (
                (("--metric", "wake_histogram"), "2 cells are chosen"),
                ((), "--metric wake_histogram"),
                (("--metric", "cpu_ns"), "column with histograms")):
            self.refuse("export", "run", "--to", "hdr", *words, code=2,
                        says=(says,))

    def test_only_matching_cells_are_exported(self):
        for cell, count in (("mutex", 1), ("--backend mutex --event futex", 1),
                            ("handshake", 2), ("backend=ck_spsc 1x1", 1)):
            with self.subTest(cell=cell):
                told = json.loads(self.export("--to", "hyperfine", "--cell",
                                              cell))
                self.assertEqual(len(told["results"]), count)

    def test_an_unknown_cell_is_refused(self):
        self.refuse("export", "run", "--to", "go", "--cell", "spinlock",
                    code=2, says=('no cell of the run is "spinlock"',))
        self.refuse("export", "run", "--to", "go", "--cell", "colour=red",
                    code=2, says=('unknown parameter "colour"',))


if __name__ == "__main__":
    unittest.main()
