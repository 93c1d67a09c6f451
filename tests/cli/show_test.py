#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""show, plot --out, and --version."""
import json
import re
import shutil
import unittest

import made_up
from format_rig import FormatTest, noisy
from program import REPO


class Show(FormatTest):
    def setUp(self):
        super().setUp()
        rows = []
        for backend in ("mutex", "ck_spsc"):
            for queues in (1, 2):
                rows += made_up.rounds(
                    noisy(1e6 * queues), scenario="pingpong", backend=backend,
                    queues=queues, capacity=15, capacity_usable=15)
        rows += made_up.rounds([1e5] * 8, scenario="handshake", event="futex",
                               wake_histogram="1000:30+2000:10+4000:160",
                               wake_p50_ns=4000, wake_max_ns=5000)
        rows.append(made_up.row(scenario="handshake", event="futex", round=9,
                                status="hung", throughput_msg_per_s="",
                                flags="preempted+migrated"))
        made_up.write(self.cwd / "run", rows)

    def show(self, cell, *words):
        return self.ringbench("show", cell, "run", *words)[0]

    def test_a_cell_is_found_by_the_words_of_a_table(self):
        for cell in ("mutex queues=2", "queues=2 mutex pingpong",
                     "--backend mutex --queues 2", "mutex 1x1 queues=2"):
            with self.subTest(cell=cell):
                self.assertTrue(self.show(cell).startswith(
                    "--scenario pingpong --backend mutex --wait poll"))

    def test_the_name_that_it_prints_finds_the_cell_again(self):
        told = json.loads(self.show("ck_spsc queues=1", "--json"))
        again = json.loads(self.show(told["cell"], "--json"))
        self.assertEqual(told, again)
        self.ringbench("show", "--json", told["cell"], "run")

    def test_an_ambiguous_name_lists_the_cells(self):
        err = self.refuse("show", "mutex pingpong", "run", code=2,
                          says=("2 cells are", "write more of the name"))
        self.assertLess(len(err), 200)
        names = re.findall(r'"([^"]+)"', err)[1:]
        self.assertEqual(names, ["pingpong mutex queues=1",
                                 "pingpong mutex queues=2"])
        for name in names:
            self.show(name)

    def test_a_core_distance_is_a_part_of_the_name(self):
        made_up.write(self.cwd / "far", [
            row for first, distance in ((1, 80), (7, 330))
            for row in made_up.rounds([1e6] * 6, first=first,
                                      line_before_ns=distance,
                                      line_after_ns=distance)])
        err = self.refuse("show", "mutex", "far", code=2,
                          says=("2 cells", "80ns apart", "330ns apart"))
        for name in re.findall(r'"(--[^"]* apart)"', err):
            out, _ = self.ringbench("show", name, "far")
            self.assertIn(name.split()[-2], out)
        self.ringbench("show", "mutex 330ns", "far")

    def test_a_name_without_a_cell_is_refused(self):
        self.refuse("show", "spinlock", "run", code=2, says=("no cell",))
        self.refuse("show", "colour=red", "run", code=2,
                    says=("unknown parameter",))
        self.refuse("show", code=2, says=("show needs a cell",))
        self.refuse("show", "mutex", "nowhere", code=3)
        self.refuse("show", "--backend", code=2, says=("--backend",))
        self.refuse("show", " ".join(["mutex"] * 33), "run", code=2,
                    says=("too long",))

    def test_every_observation_is_shown_also_failed_ones(self):
        told = json.loads(self.show("handshake", "--json"))
        self.check_schema("show", told)
        table = next(table for table in told["tables"]
                     if table["name"] == "observations")
        self.assertEqual([row["round"] for row in table["rows"]],
                         list(range(1, 10)))
        self.assertEqual(table["rows"][8]["status"], "hung")
        self.assertEqual(table["rows"][8]["flags"], "preempted migrated")
        self.assertIsNone(table["rows"][8]["throughput_msg_per_s"])

    def test_histograms_of_all_observations_are_added(self):
        told = json.loads(self.show("handshake", "--json"))
        tables = {table["name"]: table["rows"] for table in told["tables"]}
        self.assertEqual([(row["from"], row["count"])
                          for row in tables["wake_histogram"]],
                         [(1000, 240), (2000, 80), (4000, 1280)])
        # 99.9 % needs 10,000 values.
        self.assertEqual([(row["percentile"], row["at least"])
                          for row in tables["percentiles"]],
                         [(0.5, 4000), (0.9, 4000), (0.99, 4000)])
        out = self.show("handshake")
        self.assertRegex(out, r"\n2\.0us +80 ###\n4\.0us +1280 #{40}\n")

    def test_bars_count_the_observations(self):
        told = json.loads(self.show("pingpong mutex queues=1", "--json"))
        tables = {table["name"]: table["rows"] for table in told["tables"]}
        self.assertEqual(sum(row["count"] for row in tables["objective"]), 12)
        self.assertEqual(len(tables["objective"]), 10)

    def test_lines_fit_the_terminal(self):
        for columns in (40, 80):
            for cell in ("handshake", "mutex queues=2"):
                self.assert_width(self.on_terminal(columns, "show", cell,
                                                   "run"), columns)

    def test_plot_draws_into_the_folder_of_out(self):
        if not shutil.which("gnuplot"):
            self.skipTest("gnuplot is not installed")
        out, _ = self.ringbench("plot", "run", "--out", "pictures")
        self.assertIn("plots: pictures/", out)
        self.assertTrue(list((self.cwd / "pictures").glob("*.svg")))
        self.assertFalse((self.cwd / "run/plots").exists())
        self.refuse("plot", "run", "--out", "a/b", code=7,
                    says=("cannot make the folder a/b",))

    def test_the_version_equals_that_of_the_headers(self):
        header = (REPO / "src/ringbench_version.h").read_text("utf-8")
        version = re.search(r'RINGBENCH_VERSION "(.*)"', header).group(1)
        for words in (("--version",), ("-V",), ("show", "-V"),
                      ("plot", "--version")):
            self.assertRegex(self.ringbench(*words)[0],
                             rf"^ringbench {re.escape(version)} \(\S+\)\n$")


if __name__ == "__main__":
    unittest.main()
