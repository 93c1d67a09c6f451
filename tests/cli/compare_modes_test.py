#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""compare without pairs, within one run, and on a measured run."""
import json
import shutil
import unittest

from compare_rig import RATE, Compare, noisy
from made_up import rounds
from program import measure_once


EVEN, ODD = range(0, 12, 2), range(1, 12, 2)


class Sessions(Compare):
    def test_alternating_sessions_are_compared_by_their_medians(self):
        self.sessions("base", EVEN)
        self.sessions("new", ODD, ratio=0.8, build_id="b2")
        row = self.row("base", "new")
        self.assertEqual((row["mode"], row["verdict"], row["n"]),
                         ("sessions", "slower", "6"))
        self.assertAlmostEqual(float(row["p"]), 2 / 924)
        self.assertIn("measured in alternating sessions",
                      self.text("base", "new"))
        self.text("base", "new", "--fail-on", "slower", code=1)

    def test_at_most_two_sessions_of_a_side_may_follow_each_other(self):
        self.sessions("base", (0, 3, 4, 7, 8, 11))
        self.sessions("new", (1, 2, 5, 6, 9, 10), ratio=0.8)
        self.assertEqual(self.row("base", "new")["verdict"], "slower")
        self.sessions("odd", (1, 2, 5, 6, 12, 13), ratio=0.8)
        self.assertEqual(self.row("base", "odd")["verdict"], "no verdict")

    def test_sides_that_do_not_alternate_get_no_verdict(self):
        self.sessions("base", range(6))
        self.sessions("new", range(6, 12), ratio=0.5, build_id="b2")
        row = self.row("base", "new")
        self.assertEqual((row["mode"], row["verdict"]),
                         ("descriptive", "no verdict"))
        self.assertTrue(self.text("base", "new").startswith(
            "No verdict: the candidate was not measured in alternation with "
            "the baseline"))

    def test_sessions_without_a_time_get_no_verdict(self):
        self.sessions("base", EVEN)
        self.write("new", *(rounds(noisy(self.dice, 5), session_id=f"n{i}",
                                   started_at="") for i in range(6)))
        self.assertEqual(self.row("base", "new")["verdict"], "no verdict")

    def test_sessions_that_began_together_get_no_verdict(self):
        self.sessions("base", EVEN)
        self.sessions("new", EVEN, ratio=0.5)
        self.assertEqual(self.row("base", "new")["verdict"], "no verdict")

    def test_too_few_sessions_name_the_needed_number(self):
        self.sessions("base", EVEN[:3])
        self.sessions("new", ODD[:3], ratio=0.5, build_id="b2")
        self.assertEqual(self.row("base", "new")["verdict"], "no verdict")
        self.assertIn("alternate, but 3 and 3 sessions are too few for 1 "
                      "row. Measure 4 sessions of each", self.text("base", "new"))

    def test_a_cell_missing_in_some_sessions_uses_its_own_sessions(self):
        names = [f"s{i}" for i in range(16)]
        rows = {"base": [], "new": []}
        for i, name in enumerate(names):
            side, ratio = ("new", 0.5) if i % 2 else ("base", 1)
            when = {"session_id": name,
                    "started_at": f"2026-01-01T00:{i:02}:00Z"}
            rows[side].append(rounds([RATE * ratio * (1 + i / 1e4)], **when))
            # One cell has its baseline early and its candidate late.
            if (i < 8) == (side == "base"):
                rows[side].append(rounds([RATE * ratio], capacity=7, **when))
        for side, lists in rows.items():
            self.write(side, *lists)
        found = {row["capacity"]: row for row in self.rows("base", "new")}
        self.assertEqual(found["1023"]["verdict"], "slower")
        self.assertEqual(found["7"]["note"], "the sessions do not alternate")
        self.assertEqual(found["7"]["verdict"], "no verdict")

    def test_several_runs_make_one_side(self):
        for i in range(4):
            self.sessions(f"a{i}", [2 * i])
            self.sessions(f"b{i}", [2 * i + 1], ratio=1.3, build_id="b2")
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
    def setUp(self):
        super().setUp()
        self.write("results/old", rounds(noisy(self.dice), session_id="o"))
        self.write("results/new", rounds(
            noisy(self.dice, rate=RATE / 10), session_id="n", build_id="b2",
            started_at="2026-01-01T01:00:00Z"),
            build_id="b2", program={"revision": "def5678"})

    def test_single_runs_get_no_verdict_although_other_runs_exist(self):
        for i in range(6):
            self.sessions(f"results/more{i}", [2 + i])
        row = self.row("results/old", "results/new")
        self.assertEqual((row["mode"], row["verdict"], row["p"],
                          row["detectable"]),
                         ("descriptive", "no verdict", "", ""))
        self.assertAlmostEqual(float(row["ratio"]), 0.1, delta=0.01)

    def test_the_first_line_names_the_command_that_gives_verdicts(self):
        out = self.text("results/old", "results/new")
        self.assertTrue(out.startswith(
            "No verdict: the candidate was not measured in alternation with "
            "the baseline, so drift of the machine can cause the difference. "
            "Measure both revisions in the same rounds: ringbench ab abc1234 "
            "def5678 --plan made-up"),
            out)

    def test_the_command_measures_a_working_tree_as_a_working_tree(self):
        self.write("results/tree", rounds(
            noisy(self.dice), session_id="t", build_id="b3",
            started_at="2026-01-01T02:00:00Z"),
            build_id="b3", program={"revision": "def5678-dirty"})
        self.assertIn("in the same rounds: ringbench ab abc1234 --plan made-up",
                      self.text("results/old", "results/tree"))

    def test_fail_on_does_not_pass_without_a_verdict(self):
        for what in ("slower", "inconclusive"):
            self.cannot_judge("results/old", "results/new", what)

    def test_the_spread_of_single_observations_is_shown(self):
        row = self.row("results/old", "results/new")
        low, high = float(row["ratio_low"]), float(row["ratio_high"])
        self.assertLess(low, float(row["ratio"]))
        self.assertLess(float(row["ratio"]), high)
        self.assertEqual(row["coverage"], "0")
        self.assertIn("not a confidence interval",
                      self.text("results/old", "results/new"))

    def test_two_halves_of_one_session_get_no_verdict(self):
        values = noisy(self.dice, 24)
        rows = rounds(values)
        self.write("first", rows[:12])
        self.write("second", rows[12:])
        self.assertTrue(self.text("first", "second").startswith(
            "No verdict: baseline and candidate share a session but no "
            "round."))


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

    def test_other_backends_are_compared_with_the_base(self):
        found = {(row["backend"], row["wait"]): row for row in self.rows(
            "run", "--by", "backend", "--base", "mutex")}
        self.assertEqual(set(found), {("ck_mpmc", "poll"),
                                      ("ck_spsc", "poll"),
                                      ("ck_mpmc", "block")})
        self.assertEqual(found["ck_spsc", "poll"]["verdict"], "faster")
        self.assertEqual(found["ck_mpmc", "block"]["verdict"], "same")
        self.assertEqual(found["ck_mpmc", "block"]["base"], "mutex")

    def test_left_out_backends_are_named(self):
        out = self.text("run", "--by", "backend", "--base", "mutex")
        self.assertIn("null (not a queue)", out)
        self.assertIn("python (external program)", out)
        self.assertIn("1 cells left out: no counterpart", out)

    def test_the_best_cell_leads_or_is_not_separated(self):
        out = self.text("run", "--by", "backend", "--base", "mutex")
        self.assertRegex(out, r"stream poll llc ck_spsc: 1\.\d+ x "
                              r"ck_mpmc \(1\.\d+\.\.1\.\d+\)")
        self.assertRegex(out, r"stream block llc (mutex, ck_mpmc|ck_mpmc, "
                              r"mutex): no significant difference")
        leads = json.loads(self.ringbench(
            "compare", "run", "--by", "backend", "--base", "mutex",
            "--json")[0])["leads"]
        self.assertEqual(sorted(lead["separated"] for lead in leads),
                         [False, True])

    def test_every_factor_can_be_compared(self):
        found = self.rows("run", "--by", "wait", "--base", "poll")
        self.assertEqual({row["backend"]: row["verdict"] for row in found},
                         {"mutex": "same", "ck_mpmc": "slower"})

    def test_an_unknown_value_or_factor_is_wrong_usage(self):
        self.refuse("compare", "run", "--by", "backend", "--base", "nothing",
                    code=2, says=("with --base: ", "mutex"))
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
            "--queues", "1,2", "--backend", "mutex,ck_mpmc", "--wait",
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
