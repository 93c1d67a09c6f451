#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The quotations in pages equal the results in git."""
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
REPORT = "title one\nfirst\nsecond\n\ntitle two\nthird\n"


class Quotations(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ringbench-quote-"))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(REPO / "scripts", self.folder / "scripts")
        (self.folder / "report.txt").write_text(REPORT, "utf-8")

    def call(self, *words, code=0):
        done = subprocess.run(
            [self.folder / "scripts/quote_results.py", *words, "page.md"],
            cwd=self.folder, text=True, capture_output=True, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout + done.stderr

    def page(self, mark, text="old"):
        (self.folder / "page.md").write_text(
            f"before\n<!-- {mark} -->\n```c\n{text}\n```\nafter\n", "utf-8")

    def quotes(self):
        page = (self.folder / "page.md").read_text("utf-8")
        return page.split("```c\n")[1].split("```\n")[0]

    def test_a_complete_file_is_quoted(self):
        self.page("verbatim from report.txt; make docs")
        self.call()
        self.assertEqual(self.quotes(), REPORT)

    def test_a_paragraph_is_quoted_by_its_beginning(self):
        self.page('verbatim from report.txt; "title t"; make docs')
        self.call()
        self.assertEqual(self.quotes(), "title two\nthird\n")

    def test_two_paragraphs_are_quoted_up_to_a_number_of_lines(self):
        self.page('verbatim from report.txt; "title one", "title two"; 2 lines')
        self.call()
        self.assertEqual(self.quotes(), "title one\nfirst\n\ntitle two\nthird\n")

    def test_a_stale_page_is_named_and_left_alone(self):
        self.page("verbatim from report.txt; make docs")
        said = self.call("--check", code=1)
        self.assertIn("page.md is not up to date with the files that it quotes", said)
        self.assertEqual(self.quotes(), "old\n")

    def test_a_current_page_passes(self):
        self.page('verbatim from report.txt; "title two"', "title two\nthird")
        self.assertEqual(self.call("--check"), "")

    def test_a_missing_paragraph_is_an_error(self):
        self.page('verbatim from report.txt; "title three"')
        self.assertIn('report.txt: no line begins with "title three"',
                      self.call(code=1))

    def test_the_decision_table_is_made_from_the_runs(self):
        shutil.copytree(REPO / "results", self.folder / "results",
                        ignore=shutil.ignore_patterns("plots"))
        (self.folder / "page.md").write_text(
            "<!-- decision table -->\n| 1 |\n<!-- end of the decision table -->"
            "\n", "utf-8")
        self.call()
        page = (self.folder / "page.md").read_text("utf-8")
        self.assertNotIn("| 1 |", page)
        self.assertIn("| `spsc_ring` | `spin` |", page)
        self.call("--check")

    def test_a_run_without_a_needed_cell_is_an_error(self):
        for run in ("peers", "reference"):
            shutil.copytree(REPO / "results" / run,
                            self.folder / "results" / run,
                            ignore=shutil.ignore_patterns("plots"))
        path = self.folder / "results/peers/results.csv"
        text = path.read_text("utf-8")
        path.write_text("".join(line for line in text.splitlines(True)
                                if ",pipe," not in line), "utf-8")
        (self.folder / "page.md").write_text(
            "<!-- decision table -->\n<!-- end of the decision table -->\n",
            "utf-8")
        self.assertIn("no observation of pipe", self.call(code=1))


if __name__ == "__main__":
    unittest.main()
