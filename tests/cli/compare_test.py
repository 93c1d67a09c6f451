#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""compare in pairs: verdicts, left out rows, options and output."""
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
        # 1 - 2 P(T <= 13), from R: the smallest possible coverage of at least
        # 95 %.
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
        self.assertGreaterEqual(float(row["detectable"]), 0.03)
        self.assertLess(float(row["detectable"]), 0.035)
        self.assertEqual(self.row("base", "new", "--threshold", "0.5%")
                         ["verdict"], "faster")

    def test_noise_is_inconclusive_and_names_the_detectable_difference(self):
        self.pair(1.0, spread=0.2)
        row = self.row("base", "new")
        self.assertEqual(row["verdict"], "inconclusive")
        self.assertGreater(float(row["detectable"]), 0.05)
        self.assertLess(float(row["detectable"]), 0.4)
        # With noise of 20 %, the verdict "same" needs many rounds.
        self.assertGreater(float(row["settles"]), 50)

    def test_a_row_with_a_verdict_needs_no_more_rounds(self):
        self.pair(0.9)
        self.assertEqual(self.row("base", "new")["settles"], "")

    def test_too_few_rounds_give_no_verdict_but_a_command(self):
        self.pair(0.5, count=5)
        row = self.row("base", "new")
        self.assertEqual((row["verdict"], row["detectable"], row["needed"]),
                         ("inconclusive", "", "6"))
        out = self.text("base", "new")
        self.assertIn("5 rounds are too few to show any difference in 1 row. "
                      "Measure at least 6 rounds: ringbench ab abc1234 abc1234 "
                      "--plan made-up --rounds 6", out)
        self.assertIn("too few rounds to show any difference in a table of 1 "
                      "row; measure at least 6", out)

    def test_rounds_that_make_no_pairs_count_for_the_needed_rounds(self):
        values = noisy(self.dice, 14, spread=0.1)
        news = [value * self.dice.lognormvariate(0, 0.2) for value in values]
        for name, some in (("base", values), ("new", news)):
            self.write(f"{name}7", rounds(some[:7]))
            self.write(f"{name}14", rounds(some[:7]), rounds(
                some[7:], first=8, flags="disturbed"))
        few, half = self.row("base7", "new7"), self.row("base14", "new14")
        self.assertEqual(few["ratio"], half["ratio"])
        self.assertEqual(float(half["settles"]), 2 * float(few["settles"]))
        # "verified in 7 of 14 rounds" would say that 7 rounds failed.
        self.assertIn("; 7 of 14 rounds count, all of them verified.",
                      self.text("base14", "new14"))

    def test_intervals_are_corrected_for_all_rows(self):
        lists = {"base": [], "new": []}
        for capacity in range(20):
            values = noisy(self.dice)
            lists["base"].append(rounds(values, capacity=capacity))
            lists["new"].append(rounds(
                [v * self.dice.lognormvariate(0.05, .1) for v in values],
                capacity=capacity))
        for name, rows in lists.items():
            self.write(name, *rows)
        for row in self.rows("base", "new"):
            self.assertGreaterEqual(float(row["coverage"]), 1 - 0.05 / 20)
            low, high = float(row["ratio_low"]), float(row["ratio_high"])
            # The verdict agrees with the interval.
            beyond = low > 1.03 or high < 0.97
            self.assertFalse(beyond and row["verdict"] == "inconclusive", row)
            if row["verdict"] in ("faster", "slower"):
                self.assertTrue(low >= 1 or high <= 1, row)

    def test_the_ratio_is_the_quotient_of_both_levels(self):
        # The baseline is bimodal, so that the ratio of the medians differs from
        # the median ratio.
        base = [1e7 if i % 2 else 3e7 for i in range(12)]
        new = [2e7 * self.dice.lognormvariate(0, .01) for _ in base]
        self.write("base", rounds(base))
        self.write("new", rounds(new))
        row = {name: float(value) for name, value in
               self.row("base", "new").items() if value and name in (
                   "ratio", "base_level", "new_level")}
        self.assertAlmostEqual(row["new_level"] / row["base_level"],
                               row["ratio"])

    def test_a_run_against_itself_is_the_same_in_every_row(self):
        self.pair()
        out = self.text("base", "base")
        self.assertIn("1.000 1.000..1.000 same", out)
        self.assertIn("Baseline and candidate consist of equal observations.", out)
        self.assertIn("same machine, build and plan", out)

    def test_the_family_consists_of_the_rows_of_the_table(self):
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

    def test_the_sign_test_is_available_and_weaker(self):
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
        self.assertIn("2 observations left out: round",
                      self.text("base", "new"))

    def test_control_cells_show_the_drift_and_have_no_test(self):
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
        self.assertIn("drift: 1 control cell (same code on both sides) "
                      "has a ratio of 0.500", self.text("base", "new"))


class NotCompared(Compare):
    def test_unverified_rows_are_counted_and_not_compared(self):
        values = noisy(self.dice)
        wrong = [1.0] * 3
        self.write("base", rounds(values))
        self.write("new", rounds(values),
                   rounds(wrong, status="failed", verified=0,
                          session_id="x"),
                   rounds(wrong, verified=0, session_id="y"),
                   rounds(wrong, status="hung", session_id="z"))
        row = self.row("base", "new")
        self.assertEqual((row["new_count"], row["verdict"]), ("12", "same"))
        self.assertIn("9 observations left out: verification",
                      self.text("base", "new"))

    def test_superseded_and_repeated_rows_count_once(self):
        values = noisy(self.dice)
        self.write("base", rounds(values), rounds(
            [1.0], flags="superseded", session_id="x"))
        self.write("new", rounds(values))
        self.write("again", rounds(values[:2]))
        row = self.row("base", "new,again")
        self.assertEqual((row["base_count"], row["new_count"]), ("12", "12"))
        out = self.text("base", "new,again")
        self.assertIn("1 superseded observations", out)
        self.assertIn("2 observations left out: duplicates", out)

    def test_a_duplicate_row_is_refused(self):
        values = noisy(self.dice)
        self.write("base", rounds(values))
        self.write("new", rounds(values), rounds(values[:2]))
        self.refuse("compare", "base", "new", code=3,
                    says=("new/results.csv:", "repeats the observation"))

    def test_a_flag_is_excluded_on_request_and_reported(self):
        values = noisy(self.dice)
        self.write("base", rounds(values))
        self.write("new", rounds(values[:10]),
                   [made_up.row(round=11, flags="stolen+preempted"),
                    made_up.row(round=12, flags="stolen")])
        self.assertEqual(self.row("base", "new")["new_count"], "12")
        self.assertEqual(self.row("base", "new", "--exclude-flag", "stolen")
                         ["new_count"], "10")
        self.assertIn("2 observations left out: flag stolen",
                      self.text("base", "new", "--exclude-flag", "stolen"))

    def test_cells_of_one_side_are_named(self):
        values = noisy(self.dice)
        self.write("base", rounds(values), rounds(values, capacity=1))
        self.write("new", rounds(values), rounds(values, capacity=2),
                   rounds(values, capacity=3))
        out = self.text("base", "new")
        self.assertIn("only in the baseline, 1 cell: --scenario stream "
                      "--backend mutex --wait poll --placement llc "
                      "--capacity 1 ", out)
        self.assertIn("only in the candidate, 2 cells: --scenario stream "
                      "--backend mutex --wait poll --placement llc "
                      "--capacity 2 ", out)
        told = json.loads(self.ringbench("compare", "base", "new",
                                         "--json")[0])
        self.assertEqual([cell["capacity"] for cell in told["only_new"]],
                         [2, 3])

    def test_windows_of_other_lengths_are_other_cells(self):
        values = noisy(self.dice)
        for name, length in (("base", 10), ("new", 300)):
            self.write(name, rounds(values), rounds(
                values, capacity=1, duration_ns=length * 10 ** 6))
        self.assertEqual(len(self.rows("base", "new")), 1)
        out = self.text("base", "new")
        self.assertRegex(out, "only in the baseline, 1 cell: .*--duration 10ms")
        self.assertRegex(out, "only in the candidate, 1 cell: "
                         ".*--duration 300ms")

    def test_windows_of_other_numbers_of_messages_are_other_cells(self):
        values = noisy(self.dice)
        for name, messages in (("base", 100), ("new", 200)):
            self.write(name, rounds(values), rounds(
                values, capacity=1, duration_ns=0, messages=messages))
        self.assertEqual(len(self.rows("base", "new")), 1)

    def test_a_window_of_unknown_length_gets_no_verdict(self):
        values = noisy(self.dice)
        slower = [value / 2 for value in values]
        plan = {"name": "mixed", "lines": ["--duration 10ms",
                                           "--duration 20ms"]}
        self.write("old", rounds(values, duration_ns=""), plan=plan)
        self.write("new", rounds(slower))
        for base, new in (("old", "new"), ("old", "old"), ("new", "old")):
            row = self.row(base, new)
            self.assertEqual((row["verdict"], row["note"]), (
                "no verdict", "the length of the window is unknown"))
        self.assertIn("no verdict for 1 row: the length of the window is "
                      "unknown", self.text("old", "new"))
        self.cannot_judge("old", "new")

    def test_the_window_of_an_old_run_is_read_from_its_plan(self):
        values = noisy(self.dice)
        slower = [value / 2 for value in values]
        self.write("old", rounds(values, duration_ns=""), plan={
            "name": "plain", "lines": ["--scenario stream --duration 80ms"]})
        self.write("new", rounds(slower))
        self.assertEqual(self.row("old", "new")["verdict"], "slower")

    def test_sides_without_a_common_cell_are_bad_data(self):
        self.write("base", rounds([1.0]))
        self.write("new", rounds([1.0], capacity=7))
        self.refuse("compare", "base", "new", code=3,
                    says=("no cell has verified observations in both",))

    def test_zeros_have_no_ratio_but_a_note(self):
        self.write("base", rounds(noisy(self.dice), timeouts=0))
        self.write("new", rounds(noisy(self.dice), timeouts=4))
        row = self.row("base", "new", "--metric", "timeouts")
        self.assertEqual((row["verdict"], row["ratio"], row["new_median"]),
                         ("no verdict", "", "4e-06"))
        self.assertIn("no verdict for 1 row: a value is 0, so there is no ratio",
                      self.text("base", "new", "--metric", "timeouts"))

    def test_different_hosts_are_described_only(self):
        self.pair(0.5, host_id="h2")
        row = self.row("base", "new")
        self.assertEqual((row["mode"], row["verdict"], row["p"]),
                         ("descriptive", "no verdict", ""))
        out = self.text("base", "new")
        self.assertTrue(out.startswith(
            "No verdict: baseline and candidate were measured on different "
            "machines"), out)
        self.assertIn("differs: host h1 -> h2", out)


class Options(Compare):
    def test_fail_on_sets_the_exit_code(self):
        self.pair(0.8)
        self.text("base", "new")
        self.text("base", "new", "--fail-on", "slower", code=1)
        self.text("base", "new", "--fail-on=inconclusive", code=1)
        self.text("new", "base", "--fail-on", "slower")
        self.text("new", "base", "--fail-on", "inconclusive")

    def test_a_check_that_cannot_fail_does_not_pass(self):
        self.pair(0.5, count=5)
        self.cannot_judge("base", "new")

    def test_inconclusive_rows_fail_only_with_fail_on_inconclusive(self):
        self.pair(1, spread=0.3)
        self.text("base", "new", "--fail-on", "slower")
        self.text("base", "new", "--fail-on", "inconclusive", code=1)

    def write_metrics(self):
        for name, factor in (("base", 1), ("new", 2)):
            self.write(name, [made_up.row(
                round=i + 1, idle_share=0.2 * factor * (1 + i / 1000),
                cpu_ns=int(1e9 * factor) + i, messages=1000000 + i,
                stop_ns=1000 * factor + i) for i in range(12)])

    def test_the_direction_of_a_metric_comes_from_its_column(self):
        self.write_metrics()
        for metric, verdict in (("idle_share", "higher"),
                                ("cpu_ns", "slower"), ("stop_ns", "slower"),
                                ("messages", "same")):
            row = self.row("base", "new", "--metric", metric)
            self.assertEqual((row["metric"], row["verdict"]),
                             (metric, verdict))
        self.assertEqual(self.row("new", "base", "--metric", "idle_share")
                         ["verdict"], "lower")
        self.assertIn("metric: idle_share, neither direction is better",
                      self.text("base", "new", "--metric", "idle_share"))

    def test_fail_on_refuses_a_metric_without_a_direction(self):
        self.write_metrics()
        self.refuse("compare", "base", "new", "--metric", "idle_share",
                    "--fail-on", "slower", code=2,
                    says=("idle_share", "no direction of the metric"))

    def test_sums_are_compared_per_message(self):
        # Twice the messages with twice the CPU time is not a difference in CPU
        # time per message.
        for name, factor in (("base", 1), ("new", 2)):
            self.write(name, [made_up.row(
                round=i + 1, cpu_ns=factor * (10 ** 9 + i),
                messages=factor * 1000) for i in range(12)])
        row = self.row("base", "new", "--metric", "cpu_ns")
        self.assertEqual(row["verdict"], "same")
        self.assertAlmostEqual(float(row["base_median"]), 1e6, delta=1)
        self.assertIn("ns per message", self.text("base", "new", "--metric",
                                                  "cpu_ns"))

    def test_a_percentile_needs_its_samples(self):
        for name in ("base", "new"):
            self.write(name, [made_up.row(
                round=i + 1, wake_p99_ns=5000 + i, wake_p50_ns=1000 + i,
                messages=150) for i in range(12)])
        self.assertEqual(self.row("base", "new", "--metric", "wake_p50_ns")
                         ["n"], "12")
        self.refuse("compare", "base", "new", "--metric", "wake_p99_ns",
                    code=3, says=("no cell has verified observations in both",))

    def test_wrong_values_are_wrong_usage(self):
        self.pair()
        for words, says in (
                (("--metric", "backend"), "not a numeric metric"),
                (("--metric", "throughput_msg_per_"),
                 "did you mean throughput_msg_per_s"),
                (("--metric", "bottleneck"), "not a numeric metric"),
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

    def test_alpha_sets_the_error_rate(self):
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

    def test_names_contain_only_differing_factors(self):
        values = noisy(self.dice)
        lists = [rounds(values, wait=wait, stop=stop, pause_ns=pause)
                 for wait, stop, pause in (("poll", "event", ""),
                                           ("sleep:1ms", "sentinel", 50000))]
        self.write("base", *lists)
        out, _ = self.ringbench("compare", "base", "base")
        self.assertRegex(out, r"(?m)^poll stop=event +1")
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
        self.assertEqual({line.count("|") for line in table}, {10})
        self.assertIn(" slower ", table[2])

    def test_csv_has_every_factor_and_one_row_for_each_cell(self):
        self.pair(0.9)
        out, _ = self.ringbench("compare", "base", "new", "--csv")
        header, row = csv.reader(io.StringIO(out))
        self.assertEqual(len(header), len(row))
        for name in ("scenario", "backend", "stop", "stages", "verdict"):
            self.assertIn(name, header)

if __name__ == "__main__":
    unittest.main()
