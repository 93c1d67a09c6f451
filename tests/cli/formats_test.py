#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tables as text of any width, as Markdown and as JSON have equal contents."""
# mostly waits
import unittest

import made_up
from format_rig import FormatTest, jsonschema, noisy
from program import QUICK, REPO, ProgramTest

LONG = "a_backend_with_a_name_longer_than_most"


class Formats(FormatTest):
    def test_every_list_is_json_that_its_schema_describes(self):
        for what in ("scenarios", "backends", "params", "plans", "columns",
                     "loops"):
            with self.subTest(what=what):
                told = self.json("list", "list", what)
                self.assertTrue(told["tables"][0]["rows"])
                self.assertNotIn("text", told)
        self.assertEqual(len(self.json("list", "list")["tables"]), 4)

    def test_a_report_as_json_has_medians_and_intervals(self):
        self.write_run()
        told = self.json("report", "report", "run")
        table = told["tables"][0]
        self.assertEqual(table["name"], "stream")
        self.assertEqual(len(table["rows"]), 6)
        row = next(row for row in table["rows"]
                   if (row["backend"], row["wait"]) == ("ck_spsc", "poll"))
        self.assertEqual(row["objective"]["column"], "throughput_msg_per_s")
        self.assertAlmostEqual(row["objective"]["median"], 2.1e7, delta=1e5)
        self.assertLess(row["objective"]["low"], row["objective"]["high"])
        self.assertEqual(row["objective"]["count"], 12)
        self.assertEqual(told["rounds"], 12)

    def test_values_side_by_side_are_separate_rows_in_json(self):
        rows = []
        for queues in (1, 2):
            rows += made_up.rounds(noisy(1e6 * queues), scenario="pingpong",
                                   queues=queues, capacity=15,
                                   capacity_usable=15, payload_bytes=8)
        made_up.write(self.cwd / "run", rows)
        told = self.json("report", "report", "run")
        table = next(table for table in told["tables"]
                     if table["name"] == "pingpong")
        self.assertEqual([row["queues"] for row in table["rows"]], [1, 2])

    def test_a_comparison_as_json_is_described(self):
        self.write_run("base")
        self.write_run("new", 0.8)
        told = self.json("compare", "compare", "base", "new")
        self.assertEqual(told["verdicts"]["slower"], 6)
        self.json("compare", "compare", "base", "--by", "backend", "--base",
                  "mutex")

    def test_doctor_as_json_is_described(self):
        self.json("doctor", "doctor", "--seconds", "0.001")

    def test_run_and_aa_print_only_json(self):
        cell = ("--backend", "mutex", "--wait", "spin", "--placement", "any",
                "--rounds", "2", *QUICK)
        told = self.json("report", "run", *cell, "--out", "run")
        self.assertEqual(told["tables"][0]["rows"][0]["backend"], "mutex")
        told = self.json("aa", "aa", *cell, "--sessions", "2", "--out", "aa")
        self.assertEqual([table["name"] for table in told["tables"]],
                         ["kinds", "rates"])

    def test_a_schema_refuses_another_document(self):
        told = self.json("list", "list", "plans")
        told["tables"][0]["rows"][0]["meaning"] = 1
        with self.assertRaises(jsonschema.ValidationError):
            self.check_schema("list", told)

    def test_markdown_tables_have_the_same_number_of_cells_in_each_line(self):
        self.write_run("base")
        self.write_run("new", 0.8)
        for words in (("report", "base"), ("compare", "base", "new"),
                      ("list",), ("list", "columns"),
                      ("doctor", "--seconds", "0"),
                      ("compare", "base", "--by", "backend", "--base",
                       "mutex")):
            with self.subTest(words=words):
                out, _ = self.ringbench(*words, "--markdown")
                lines = out.splitlines()
                self.assertEqual(lines.count("```") % 2, 0)
                widths = set()
                for line in [*lines, ""]:
                    if line.startswith("|"):
                        widths.add(line.replace("\\|", "").count("|"))
                        continue
                    self.assertLessEqual(len(widths), 1, line)
                    widths = set()

    def test_recommend_has_a_schema(self):
        for words in (("--rate", "1k/s", "load-1k.csv"),
                      ("--rate", "2M/s", "--cpu", "50%", "load-2M.csv")):
            told = self.json("recommend", "recommend", *words[:-1],
                             REPO / "tests/recorded" / words[-1])
            self.assertTrue(told["cells"])

    def test_a_dry_run_has_only_text(self):
        for words in (("run", "--json"), ("aa", "--markdown"),
                      ("ab", "HEAD", "--csv")):
            self.refuse(*words, "--dry-run", code=2,
                        says=("--dry-run prints only text",))

    def test_json_and_markdown_exclude_each_other(self):
        self.write_run()
        for words in (("report", "run"), ("list",), ("doctor",),
                      ("compare", "run", "run")):
            self.refuse(*words, "--json", "--markdown", code=2,
                        says=("choose one",))

    def test_a_line_is_never_wider_than_the_terminal(self):
        self.write_run("base")
        self.write_run("new", 0.8)
        for columns in (40, 60, 80):
            for words in (("report", "base"), ("compare", "base", "new"),
                          ("list",), ("list", "columns"),
                          ("doctor", "--seconds", 0)):
                with self.subTest(words=words, columns=columns):
                    self.assert_width(self.on_terminal(columns, *words),
                                      columns)

    def test_help_and_plans_fit_the_terminal(self):
        commands = [line.split("\t")[0] for line in
                    self.ringbench("--complete")[0].splitlines()]
        self.assertGreater(len(commands), 10)
        for columns in (40, 80):
            for words in (("--help",), *((name, "--help") for name in commands),
                          ("run", "--usage"),
                          ("run", "--plan", "peers", "--dry-run"),
                          ("aa", "--dry-run")):
                with self.subTest(words=words, columns=columns):
                    self.assert_width(self.on_terminal(columns, *words),
                                      columns)
        # A pipe gets one line for each cell.
        out, _ = self.ringbench("run", "--plan", "quick", "--dry-run")
        self.assertEqual(len([line for line in out.splitlines()
                              if line.startswith("  ")]), 22)

    def test_a_narrow_terminal_has_one_line_for_each_value(self):
        self.write_run("base")
        self.write_run("new", 0.8)
        shown = self.on_terminal(40, "compare", "base", "new")
        self.assertRegex(shown, r"\n\S.*\n  base: 10\.0M\n  cand\.: 8\.00M")

    def test_on_a_narrow_terminal_the_meaning_of_a_flag_has_its_own_lines(self):
        made_up.write(self.cwd / "run", made_up.rounds(noisy(1e7),
                                                       flags="preempted"))
        shown = self.on_terminal(40, "report", "run")
        self.assertRegex(shown, r"\n  preempted +12 of 12 rows:\n    other "
                         r"threads had the CPUs for more\n    than 1 % of ")

    def test_the_variable_columns_has_priority(self):
        self.write_run()
        self.assert_width(self.on_terminal(80, "report", "run", variables=(
            ("COLUMNS", "40"),)), 40)

    def test_a_file_has_the_usual_width_whatever_the_terminal(self):
        self.write_run()
        self.on_terminal(40, "report", "run")
        narrow = (self.cwd / "run/report.txt").read_text("utf-8")
        self.on_terminal(80, "report", "run")
        self.assertEqual(narrow,
                         (self.cwd / "run/report.txt").read_text("utf-8"))
        self.assertEqual(narrow, self.ringbench("report", "run")[0])

    def test_a_long_name_does_not_shift_the_columns(self):
        rows = []
        for backend in ("mutex", LONG):
            for wait in ("poll", "block"):
                rows += made_up.rounds(noisy(1e7), backend=backend, wait=wait)
        made_up.write(self.cwd / "run", rows)
        out, _ = self.ringbench("compare", "run", "run")
        self.assert_width(out, 80)
        lines = out.splitlines()
        head = next(line for line in lines if line.startswith("messages/s"))
        end = head.index("ratio") + len("ratio")
        figures = [line for line in lines if "1.000..1.000" in line]
        self.assertEqual(len(figures), 4)
        for line in figures:
            self.assertEqual(line[end - 5:end], "1.000", line)


class Closing(ProgramTest):
    def compare(self, ratio, *words, spread=0.01, count=12):
        values = noisy(1e7)[:count]
        made_up.write(self.cwd / "base", made_up.rounds(values))
        made_up.write(self.cwd / "new", made_up.rounds(
            [value * ratio * (1 + spread * (i % 3 - 1))
             for i, value in enumerate(values)], build_id="b2"))
        out, _ = self.ringbench("compare", "base", "new", *words)
        return " ".join(out.split("\n\n")[-1].split())

    def test_two_sentences_close_a_comparison(self):
        said = self.compare(1.9)
        self.assertRegex(said, r"^The candidate passed 1\.90 times \(1\.\d\d "
                               r"to 1\.\d\d\) as many messages as the "
                               r"baseline; verified in 12 of 12 rounds\. "
                               r"Next: ")

    def test_a_slower_candidate_leads_to_show(self):
        said = self.compare(0.8)
        self.assertIn("passed 0.80 times", said)
        self.assertIn("Next: look at the slower cell with `ringbench show`",
                      said)

    def test_an_inconclusive_row_names_the_needed_rounds(self):
        said = self.compare(1.03, spread=0.1)
        self.assertIn("This is inconclusive. Next: measure about ", said)

    def test_too_few_rounds_give_no_verdict_in_any_format(self):
        said = self.compare(1.9, count=3)
        self.assertIn("Next: the lines above name the reason",
                      said)

    def test_another_metric_is_named(self):
        values = noisy(1e7)
        made_up.write(self.cwd / "base", made_up.rounds(values))
        said, _ = self.ringbench("compare", "base", "base", "--metric",
                                 "idle_share")
        self.assertIn("has 1.000 times (1.000 to 1.000) the idle_share of the "
                      "baseline", " ".join(said.split()))

    def test_backends_of_one_run_are_named(self):
        rows = []
        for backend, value in (("mutex", 1e7), ("ck_spsc", 2.1e7)):
            rows += made_up.rounds(noisy(value), backend=backend)
        made_up.write(self.cwd / "run", rows)
        said, _ = self.ringbench("compare", "run", "--by", "backend",
                                 "--base", "mutex")
        self.assertIn("ck_spsc passed 2.10 times (2.10 to 2.10) as many "
                      "messages as mutex; verified in 12 of 12 rounds.",
                      " ".join(said.split()))

    def test_within_a_run_a_better_choice_comes_first(self):
        # In a comparison of two runs, the slower row would come first.
        rows = []
        for backend, value in (("mutex", 1e7), ("ck_spsc", 2.1e7),
                               ("spinlock", 1e5)):
            rows += made_up.rounds(noisy(value), backend=backend)
        made_up.write(self.cwd / "run", rows)
        said, _ = self.ringbench("compare", "run", "--by", "backend",
                                 "--base", "mutex")
        said = " ".join(said.split())
        self.assertIn("ck_spsc passed 2.10 times", said)
        self.assertNotIn("look at the slower cell", said)
        said, _ = self.ringbench("compare", "run", "--by", "backend",
                                 "--base", "ck_spsc")
        # A small ratio keeps two digits.
        self.assertIn("spinlock passed 0.0048 times (0.0048 to 0.0048) as many",
                      " ".join(said.split()))


if __name__ == "__main__":
    unittest.main()
