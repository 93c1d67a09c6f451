#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""compare without pairs, within one run, and on a run that was measured."""
import json
import shutil
import unittest

from compare_rig import RATE, Compare, noisy
from made_up import rounds
from program import measure_once


class Sessions(Compare):
    def test_enough_sessions_are_judged_by_their_medians(self):
        self.sessions("base", 6)
        self.sessions("new", 6, ratio=0.8, build_id="b2")
        row = self.row("base", "new")
        self.assertEqual((row["mode"], row["verdict"], row["n"]),
                         ("sessions", "slower", "6"))
        self.assertAlmostEqual(float(row["p"]), 2 / 924)
        self.assertIn("6 against 6 sessions are enough",
                      self.text("base", "new"))

    def test_several_runs_make_one_side(self):
        for i in range(4):
            self.sessions(f"a{i}", 1)
            self.sessions(f"b{i}", 1, ratio=1.3, build_id="b2")
        row = self.row("a0,a1,a2,a3", "b0,b1,b2,b3")
        self.assertEqual((row["mode"], row["verdict"], row["base_count"]),
                         ("sessions", "faster", "20"))
        self.assertIn("4 runs, 4 sessions",
                      self.text("a0,a1,a2,a3", "b0,b1,b2,b3"))

    def test_a_path_with_a_comma_is_one_run(self):
        self.pair()
        (self.cwd / "base").rename(self.cwd / "base,old")
        self.assertEqual(self.row("base,old", "new")["mode"], "paired")


class LoneRuns(Compare):
    def new_against_old(self, ratio):
        self.write("results/old", rounds(noisy(self.dice), session_id="o"))
        self.write("results/new", rounds(noisy(self.dice, rate=RATE * ratio),
                                         session_id="n", build_id="b2"),
                   build_id="b2", program={"revision": "def5678"})

    def history(self, count, spread=0.01):
        for i in range(count):
            self.sessions(f"results/more{i}", 1, spread=spread)

    def test_without_a_floor_they_are_unverified_and_told_what_to_type(self):
        self.new_against_old(0.5)
        row = self.row("results/old", "results/new")
        self.assertEqual((row["mode"], row["verdict"], row["visible"]),
                         ("unpaired", "unverified", ""))
        out = self.text("results/old", "results/new")
        self.assertIn("ringbench ab abc1234 def5678", out)
        self.assertIn("1 against 1 sessions are too few for 1 row", out)

    def test_a_floor_is_learned_from_runs_beside_the_new_one(self):
        self.new_against_old(0.8)
        self.history(6)
        row = self.row("results/old", "results/new")
        self.assertEqual((row["mode"], row["verdict"]),
                         ("unpaired", "slower"))
        self.assertEqual(row["n"], "8")
        self.assertLess(float(row["visible"]), 0.1)
        # Whatever path leads there; and `latest` is no run of its own.
        (self.cwd / "results/latest").symlink_to("new")
        self.assertEqual(self.row("results/old", "results/latest")["n"], "8")
        self.assertEqual(self.row("results/old/results.csv",
                                  "results/new/results.csv")["n"], "8")

    def test_a_difference_below_the_floor_is_no_verdict(self):
        self.new_against_old(0.9)
        self.history(6, spread=0.08)
        row = self.row("results/old", "results/new")
        self.assertEqual(row["verdict"], "inconclusive")
        self.assertGreater(float(row["visible"]), 0.1)

    def test_a_quiet_floor_lets_equal_runs_be_the_same(self):
        self.new_against_old(1.0)
        self.history(8, spread=0.002)
        self.assertEqual(self.row("results/old", "results/new")["verdict"],
                         "same")

    def test_other_builds_hosts_and_damaged_runs_are_no_floor(self):
        self.new_against_old(0.5)
        for name, changed in (("build", {"build_id": "b9"}),
                              ("host", {"host_id": "h9"})):
            self.write(f"results/{name}",
                       rounds(noisy(self.dice), session_id="x", **changed),
                       rounds(noisy(self.dice), session_id="y", **changed),
                       **changed)
        (self.cwd / "results/odd").mkdir()
        (self.cwd / "results/odd/run.json").write_text("[", "ascii")
        self.assertEqual(self.row("results/old", "results/new")["verdict"],
                         "unverified")


class WithinOneRun(Compare):
    def setUp(self):
        super().setUp()
        drift = noisy(self.dice, spread=0.3)

        def cell(ratio, **changed):
            return rounds([value * ratio * self.dice.lognormvariate(0, .01)
                           for value in drift], **changed)
        self.write(
            "run", cell(1), cell(2, backend="ck_mpmc"),
            cell(3, backend="ck_spsc"), cell(1, wait="block"),
            cell(1, wait="block", backend="ck_mpmc"),
            cell(9, backend="null", verified=""),
            cell(0.01, backend="python"), cell(5, backend="ck_spsc",
                                               capacity=7))

    def test_other_backends_are_held_against_the_base(self):
        found = {(row["backend"], row["wait"]): row for row in self.rows(
            "run", "--by", "backend", "--base", "mutex")}
        self.assertEqual(set(found), {("ck_mpmc", "poll"),
                                      ("ck_spsc", "poll"),
                                      ("ck_mpmc", "block")})
        self.assertEqual(found["ck_spsc", "poll"]["verdict"], "faster")
        self.assertEqual(found["ck_mpmc", "block"]["verdict"], "same")
        self.assertEqual(found["ck_mpmc", "block"]["base"], "mutex")

    def test_what_is_not_compared_is_named(self):
        out = self.text("run", "--by", "backend", "--base", "mutex")
        self.assertIn("null (a floor)", out)
        self.assertIn("python (another program)", out)
        self.assertIn("1 cells have no counterpart", out)

    def test_the_best_leads_the_runner_up_or_is_not_separated(self):
        out = self.text("run", "--by", "backend", "--base", "mutex")
        self.assertRegex(out, r"stream poll llc ck_spsc: 1\.\d+ of "
                              r"ck_mpmc \(1\.\d+\.\.1\.\d+\)")
        self.assertRegex(out, r"stream block llc (mutex, ck_mpmc|ck_mpmc, "
                              r"mutex): not separated")
        leads = json.loads(self.ringbench(
            "compare", "run", "--by", "backend", "--base", "mutex",
            "--json")[0])["leads"]
        self.assertEqual(sorted(lead["separated"] for lead in leads),
                         [False, True])

    def test_any_factor_will_do(self):
        found = self.rows("run", "--by", "wait", "--base", "poll")
        self.assertEqual({row["backend"]: row["verdict"] for row in found},
                         {"mutex": "same", "ck_mpmc": "slower"})

    def test_an_unknown_value_or_factor_is_wrong_usage(self):
        self.refuse("compare", "run", "--by", "backend", "--base", "nothing",
                    code=2, says=("--base can be: ", "mutex"))
        self.refuse("compare", "run", "--by", "backends", "--base", "mutex",
                    code=2, says=("did you mean backend",))
        self.refuse("compare", "run", "--by", "backend", code=2,
                    says=("--base",))
        self.refuse("compare", "run", "run", "--by", "backend", "--base",
                    "mutex", code=2, says=("one run",))


class RealRuns(Compare):
    @classmethod
    def setUpClass(cls):
        cls.first, _, _ = measure_once(
            cls, "--queues", "1,2", "--backend", "mutex,ck_mpmc", "--wait",
            "spin,block", "--placement", "any", "--rounds", 2)

    def test_a_measured_run_can_be_compared(self):
        shutil.copytree(self.first, self.cwd / "base")
        self.assertEqual(len(self.rows("base", "base")), 8)
        self.assertEqual(len(self.rows("base", "--by", "backend", "--base",
                                       "mutex")), 4)
        self.text("base", "base")
        self.text("base", "--by", "wait", "--base", "spin")

if __name__ == "__main__":
    unittest.main()
