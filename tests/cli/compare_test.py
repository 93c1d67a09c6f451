#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""compare in pairs: verdicts, what is not compared, options and output."""
import csv
import io
import json
import shutil
import unittest

import made_up
from compare_rig import Compare, noisy
from made_up import CELL, rounds


class Paired(Compare):
    def test_a_slower_build_is_slower(self):
        self.pair(0.9)
        row = self.row("base", "new")
        self.assertEqual(row["verdict"], "slower")
        self.assertEqual(row["mode"], "paired")
        self.assertAlmostEqual(float(row["ratio"]), 0.9, delta=0.01)
        self.assertLess(float(row["ratio_low"]), 0.9)
        self.assertGreater(float(row["ratio_high"]), 0.9)
        self.assertEqual(row["n"], "12")
        self.assertAlmostEqual(float(row["p"]), 2 ** -11)
        # 1 - 2 P(T <= 13): the narrowest of at least 95 %, from R.
        self.assertAlmostEqual(float(row["coverage"]), 0.95751953125)

    def test_a_faster_build_is_faster(self):
        self.pair(1.1)
        self.assertEqual(self.row("base", "new")["verdict"], "faster")
        self.assertEqual(self.row("new", "base")["verdict"], "slower")

    def test_a_difference_below_the_threshold_is_the_same(self):
        self.pair(1.01)
        row = self.row("base", "new")
        self.assertEqual(row["verdict"], "same")
        self.assertLess(float(row["p_adjusted"]), 0.05)
        self.assertAlmostEqual(float(row["visible"]), 0.03)
        self.assertEqual(self.row("base", "new", "--threshold", "0.5%")
                         ["verdict"], "faster")

    def test_noise_is_inconclusive_and_says_what_would_be_seen(self):
        self.pair(1.0, spread=0.2)
        row = self.row("base", "new")
        self.assertEqual(row["verdict"], "inconclusive")
        self.assertGreater(float(row["visible"]), 0.05)
        self.assertLess(float(row["visible"]), 0.4)

    def test_too_few_rounds_give_no_verdict_and_say_how_many_would(self):
        self.pair(0.5, count=5)
        row = self.row("base", "new")
        self.assertEqual((row["verdict"], row["visible"], row["needed"]),
                         ("inconclusive", "", "6"))
        self.assertIn("too few rounds to tell any difference among 1 row; "
                      "6 would be needed", self.text("base", "new"))

    def test_a_run_against_itself_is_the_same_everywhere_and_said_so(self):
        self.pair()
        out = self.text("base", "base")
        self.assertIn("1.000 1.000..1.000 same", out)
        self.assertIn("Both sides are the same observations.", out)
        self.assertIn("same machine, build and plan", out)

    def test_the_family_is_the_rows_of_the_table(self):
        lists = {"base": [], "new": []}
        for capacity in range(20):
            values = noisy(self.dice)
            ratio = 0.8 if capacity == 7 else 1
            lists["base"].append(rounds(values, capacity=capacity))
            lists["new"].append(rounds(
                [v * ratio * self.dice.lognormvariate(0, .02)
                 for v in values], capacity=capacity))
        for name, rows in lists.items():
            self.write(name, *rows)
        found = self.rows("base", "new")
        self.assertEqual([row["capacity"] for row in found if
                          row["verdict"] == "slower"], ["7"])
        slow = found[7]
        self.assertEqual(slow["family"], "20")
        self.assertEqual(slow["needed"], "10")
        self.assertAlmostEqual(float(slow["p_adjusted"]), 20 * 2 ** -11)
        alone = self.rows("base", "new", "--adjust", "none")[7]
        self.assertEqual(alone["p_adjusted"], alone["p"])

    def test_the_sign_test_is_weaker_and_there_on_request(self):
        self.pair(1.1, spread=0.08)
        row = self.row("base", "new", "--test", "sign")
        self.assertAlmostEqual(float(row["coverage"]), 0.96142578125)
        self.assertIn("test: sign test", self.text("base", "new", "--test",
                                                   "sign"))

    def test_rows_without_a_partner_are_left_out_and_counted(self):
        values = noisy(self.dice)
        self.write("base", rounds(values))
        self.write("new", rounds(values[:10]))
        self.assertEqual(self.row("base", "new")["n"], "10")
        self.assertIn("2 observations have no partner",
                      self.text("base", "new"))

    def test_control_cells_show_the_drift_and_are_in_no_family(self):
        values = noisy(self.dice)
        slower = [value * 0.5 for value in values]
        null = {"backend": "null", "verified": ""}
        self.write("base", rounds(values), rounds(values, **null))
        self.write("new", rounds(slower), rounds(slower, **null))
        real, control = self.rows("base", "new")
        self.assertEqual((control["backend"], control["verdict"],
                          control["control"]), ("null", "drift", "1"))
        self.assertEqual(real["family"], "1")
        self.assertEqual(real["verdict"], "slower")
        self.assertIn("drift: 1 control cell, whose code does not differ, "
                      "has a ratio of 0.500", self.text("base", "new"))


class NotCompared(Compare):
    def test_what_is_not_verified_is_counted_and_not_compared(self):
        values = noisy(self.dice)
        wrong = [1.0] * 3
        self.write("base", rounds(values))
        self.write("new", rounds(values),
                   rounds(wrong, status="failed", verified=0),
                   rounds(wrong, verified=0),
                   rounds(wrong, status="hung"))
        row = self.row("base", "new")
        self.assertEqual((row["new_count"], row["verdict"]), ("12", "same"))
        self.assertIn("9 observations are not verified",
                      self.text("base", "new"))

    def test_superseded_and_repeated_rows_count_once(self):
        values = noisy(self.dice)
        self.write("base", rounds(values), rounds([1.0], flags="superseded"))
        self.write("new", rounds(values), rounds(values[:2]))
        row = self.row("base", "new")
        self.assertEqual((row["base_count"], row["new_count"]), ("12", "12"))
        out = self.text("base", "new")
        self.assertIn("1 superseded observations", out)
        self.assertIn("2 observations stand there twice", out)

    def test_a_flag_is_excluded_on_request_and_reported(self):
        values = noisy(self.dice)
        self.write("base", rounds(values))
        self.write("new", rounds(values[:10]),
                   [made_up.row(round=11, flags="stolen+preempted"),
                    made_up.row(round=12, flags="stolen")])
        self.assertEqual(self.row("base", "new")["new_count"], "12")
        self.assertEqual(self.row("base", "new", "--exclude-flag", "stolen")
                         ["new_count"], "10")
        self.assertIn("2 observations with the flag stolen are excluded",
                      self.text("base", "new", "--exclude-flag", "stolen"))

    def test_cells_of_one_side_are_counted(self):
        values = noisy(self.dice)
        self.write("base", rounds(values), rounds(values, capacity=1))
        self.write("new", rounds(values), rounds(values, capacity=2),
                   rounds(values, capacity=3))
        out = self.text("base", "new")
        self.assertIn("1 cells are only in the base run", out)
        self.assertIn("2 cells are only in the new run", out)

    def test_sides_without_a_common_cell_are_bad_data(self):
        self.write("base", rounds([1.0]))
        self.write("new", rounds([1.0], capacity=7))
        self.refuse("compare", "base", "new", code=3,
                    says=("no verified cell in common",))

    def test_zeros_have_no_ratio_and_are_described(self):
        self.write("base", rounds(noisy(self.dice), timeouts=0))
        self.write("new", rounds(noisy(self.dice), timeouts=4))
        row = self.row("base", "new", "--metric", "timeouts")
        self.assertEqual((row["verdict"], row["ratio"], row["new_median"]),
                         ("descriptive", "", "4"))
        self.assertIn("there is no ratio",
                      self.text("base", "new", "--metric", "timeouts"))

    def test_different_hosts_are_described_only(self):
        self.pair(0.5, host_id="h2")
        row = self.row("base", "new")
        self.assertEqual((row["mode"], row["verdict"], row["p"]),
                         ("descriptive", "descriptive", ""))
        self.assertIn("differs: host h1 -> h2", self.text("base", "new"))


class Options(Compare):
    def test_fail_on_makes_exit_codes(self):
        self.pair(0.8)
        self.text("base", "new")
        self.text("base", "new", "--fail-on", "slower", code=1)
        self.text("base", "new", "--fail-on=inconclusive", code=1)
        self.text("new", "base", "--fail-on", "slower")
        self.text("new", "base", "--fail-on", "inconclusive")

    def test_what_is_not_known_fails_on_inconclusive_only(self):
        self.pair(1, spread=0.3)
        self.text("base", "new", "--fail-on", "slower")
        self.text("base", "new", "--fail-on", "inconclusive", code=1)

    def test_of_times_and_shares_less_is_better(self):
        values = noisy(self.dice)
        for name, share, messages in (("base", 0.2, 10), ("new", 0.4, 20)):
            self.write(name, *([made_up.row(
                round=i + 1, idle_share=share * (1 + i / 1000),
                wait_empty_ns=int(share * 1e9) + i,
                messages=messages * 1000 + i)] for i in range(len(values))))
        for metric, verdict in (("idle_share", "slower"),
                                ("wait_empty_ns", "slower"),
                                ("messages", "faster")):
            row = self.row("base", "new", "--metric", metric)
            self.assertEqual((row["metric"], row["verdict"]),
                             (metric, verdict))
        self.assertIn("idle_share: lower is better",
                      self.text("base", "new", "--metric", "idle_share"))

    def test_wrong_values_are_wrong_usage(self):
        self.pair()
        for words, says in (
                (("--metric", "backend"), "no metric"),
                (("--metric", "throughput_msg_per_"),
                 "did you mean throughput_msg_per_s"),
                (("--metric", "bottleneck"), "no metric"),
                (("--threshold", "x"), "3%"), (("--threshold", "-1%"), "3%"),
                (("--threshold", "nan"), "3%"), (("--alpha", "0"), "3%"),
                (("--alpha", "80%"), "3%"), (("--adjust", "x"), "holm"),
                (("--test", "t"), "signed-rank"),
                (("--fail-on", "x"), "slower or inconclusive"),
                (("--exclude-flag", "x"), "flag"),
                (("--json", "--csv"), "choose one")):
            with self.subTest(words=words):
                self.refuse("compare", "base", "new", *words, code=2,
                            says=(says,))

    def test_alpha_decides_how_sure_a_verdict_is(self):
        self.pair(1.2, count=7)
        self.assertEqual(self.row("base", "new")["verdict"], "faster")
        row = self.row("base", "new", "--alpha", "1%")
        self.assertEqual((row["verdict"], row["needed"]),
                         ("inconclusive", "8"))


class Output(Compare):
    def test_differences_are_listed_first(self):
        values = noisy(self.dice)
        self.write("base", rounds(values))
        self.write("new", rounds(values, build_id="b2"), program={
            "revision": "def5678", "compiler": "13.1.0",
            "libraries": {"ck": "0.8.0"}}, plan={"name": "other",
                                                 "lines": []})
        out, _ = self.ringbench("compare", "base", "new")
        for name, before, after in (
                ("build", "b1", "b2"), ("compiler", "12.2.0", "13.1.0"),
                ("revision", "abc1234", "def5678"), ("ck", "0.7.1", "0.8.0"),
                ("plan", "made-up", "other")):
            self.assertRegex(out, rf"differs: {name} +{before}\n +-> {after}")
        self.assertLess(out.index("differs"), out.index("mode:"))
        told = json.loads(self.ringbench("compare", "base", "new",
                                         "--json")[0])["differences"]
        self.assertIn({"what": "ck", "base": "0.7.1", "new": "0.8.0"}, told)

    def test_csv_files_alone_can_be_compared(self):
        self.pair(0.9)
        for name in ("base", "new"):
            shutil.move(self.cwd / name / "results.csv",
                        self.cwd / f"{name}.csv")
        row = self.row("base.csv", "new.csv")
        self.assertEqual(row["verdict"], "slower")
        self.assertIn("no run.json", self.text("base.csv", "new.csv"))

    def test_names_say_what_differs_and_nothing_else(self):
        values = noisy(self.dice)
        lists = [rounds(values, wait=wait, stop=stop, pause_ns=pause)
                 for wait, stop, pause in (("poll", "event", ""),
                                           ("sleep:1ms", "sentinel", 50000))]
        self.write("base", *lists)
        out, _ = self.ringbench("compare", "base", "base")
        self.assertRegex(out, r"(?m)^poll stop=event  ")
        self.assertIn("\nsleep:1ms stop=sentinel pause=50us\n", out)
        self.assertIn("\nstream, mutex, llc\n", out)

    def test_json_has_the_figures_of_the_table(self):
        self.pair(0.9)
        told = json.loads(self.ringbench("compare", "base", "new",
                                         "--json")[0])
        self.assertEqual(told["mode"], "paired")
        self.assertEqual(told["verdicts"]["slower"], 1)
        self.assertEqual(told["rows"][0]["verdict"], "slower")
        self.assertEqual(told["rows"][0]["cell"]["backend"],
                         CELL["backend"])
        self.assertAlmostEqual(told["geometric_mean"],
                               told["rows"][0]["ratio"])
        self.assertIsNone(told["drift"])

    def test_markdown_is_a_table(self):
        self.pair(0.9)
        out, _ = self.ringbench("compare", "base", "new", "--markdown")
        table = [line for line in out.splitlines() if line.startswith("|")]
        self.assertEqual(len(table), 3)
        self.assertEqual({line.count("|") for line in table}, {9})
        self.assertIn(" slower ", table[2])

    def test_csv_has_every_factor_and_one_row_a_cell(self):
        self.pair(0.9)
        out, _ = self.ringbench("compare", "base", "new", "--csv")
        header, row = csv.reader(io.StringIO(out))
        self.assertEqual(len(header), len(row))
        for name in ("scenario", "backend", "stop", "stages", "verdict"):
            self.assertIn(name, header)

if __name__ == "__main__":
    unittest.main()
