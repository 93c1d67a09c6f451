#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""report, compare and plot read only the files of a run."""
import csv
import os
import re
import shutil
import tempfile
import unittest
import zlib

from program import ProgramTest, measure_once, tree

WIDTH = 80


class Reading(ProgramTest):
    """Two runs of the same cells, copied for each test."""

    cells = ("--queues", "1,2", "--backend", "mutex,ck_mpmc", "--wait",
             "spin,block", "--placement", "any")

    @classmethod
    def setUpClass(cls):
        cls.first, cls.printed, _ = measure_once(
            *cls.cells, "--rounds", 3)
        cls.second, _, _ = measure_once(*cls.cells, "--rounds", 2)

    def setUp(self):
        super().setUp()
        shutil.copytree(self.first, self.cwd / "base")
        shutil.copytree(self.second, self.cwd / "new")

    def assert_narrow(self, text):
        for line in text.splitlines():
            self.assertLessEqual(len(line), WIDTH, line)


class Report(Reading):
    def test_a_second_report_is_identical(self):
        out, err = self.ringbench("report", "base")
        self.assertEqual(err, "")
        self.assertTrue(self.printed.startswith(out))
        self.assertEqual((self.cwd / "base/report.txt").read_text("utf-8"),
                         out)

    def add_column(self, file):
        """Adds a column as a newer version would."""
        head, *rows = file.read_text("utf-8").splitlines()
        head = head.replace(",checksum", ",novel_ns,checksum") + "\n"
        bodies = [row.rpartition(",")[0] + ",5" for row in rows]
        file.write_text(head + "".join(
            f"{body},{zlib.crc32((head + body).encode()):08x}\n"
            for body in bodies), "utf-8")

    def test_a_column_of_a_newer_version_is_named_once_and_ignored(self):
        before, _ = self.ringbench("report", "base")
        self.add_column(self.cwd / "base/results.csv")
        note = ("ringbench: base/results.csv: this version of ringbench does "
                "not know 1 column, such as novel_ns, and ignores it; use the "
                "version that measured the run\n")
        self.assertEqual(self.ringbench("report", "base"), (before, note))
        for words in (("compare", "base", "new"),
                      ("compare", "base", "--by", "backend", "--base", "mutex"),
                      ("export", "base", "--to", "hyperfine")):
            _, err = self.ringbench(*words)
            self.assertEqual(err.count("does not know"), 1, err)
            self.assertIn(note, err)

    def test_the_newest_run_is_reported_by_default(self):
        (self.cwd / "results").mkdir()
        (self.cwd / "base").rename(self.cwd / "results/base")
        (self.cwd / "results/latest").symlink_to("base")
        out, _ = self.ringbench("report")
        self.assertTrue(self.printed.startswith(out))

    def test_a_run_that_cannot_be_written_can_be_read(self):
        for folder in (self.cwd, tree()):
            folder.chmod(0o755)
        (self.cwd / "base").chmod(0o555)
        (self.cwd / "base/report.txt").unlink()
        more = {"user": 65534} if os.geteuid() == 0 else {}
        out, err = self.ringbench("report", "base", **more)
        self.assertTrue(self.printed.startswith(out))
        self.assertEqual(err, "")
        _, err = self.ringbench("report", "base", "--html", code=7, **more)
        self.assertIn("check the permissions of the folder", err)
        (self.cwd / "base").chmod(0o755)

    def test_no_line_is_wider_than_a_terminal(self):
        self.assert_narrow(self.ringbench("report", "base")[0])

    def test_every_cell_is_in_the_table_once(self):
        out, _ = self.ringbench("report", "base")
        table = re.findall(r"^(\S+)? +(mutex|ck_mpmc) +any .*[\d.kM]$", out,
                           re.M)
        self.assertEqual(table, [("spin", "ck_mpmc"), ("", "mutex"),
                                 ("block", "ck_mpmc"), ("", "mutex")])

    def test_without_a_cell_of_the_tutorial_no_finding_is_printed(self):
        out, _ = self.ringbench("report", "base")
        self.assertNotIn("The tutorial's findings", out)
        self.assertNotIn("Skipped", out)

    def test_a_csv_file_alone_is_enough(self):
        (self.cwd / "base/results.csv").rename(self.cwd / "mine.csv")
        shutil.rmtree(self.cwd / "base")
        out, _ = self.ringbench("report", "mine.csv")
        self.assertIn("ck_mpmc", out)
        self.assert_narrow(out)
        self.assertEqual(sorted(os.listdir(self.cwd)), ["mine.csv", "new"])

    def test_a_folder_without_run_json_is_bad_data(self):
        (self.cwd / "base/run.json").unlink()
        self.refuse("report", "base", code=3, says=("base/run.json",))

    def test_results_without_rows_are_an_empty_report(self):
        path = self.cwd / "base/results.csv"
        path.write_bytes(path.read_bytes().splitlines(True)[0])
        out, _ = self.ringbench("report", "base")
        self.assertIn("0 rounds", out)
        self.assert_narrow(out)

    def test_a_report_that_cannot_be_written_is_an_error(self):
        (self.cwd / "base/report.txt").unlink()
        (self.cwd / "base/report.txt").mkdir()
        out, err = self.ringbench("report", "base", code=7)
        self.assertIn("ck_mpmc", out)
        self.assert_one_line(err)


class Flags(Reading):
    """Changed rows of a real run."""

    def change(self, change):
        """Calls change() with each row as a dictionary, and writes new
        checksums."""
        path = self.cwd / "base/results.csv"
        with open(path, newline="", encoding="utf-8") as file:
            measured = list(csv.DictReader(file))
        lines = [",".join(measured[0])]
        for row in measured:
            change(row)
            text = ",".join(list(row.values())[:-1])
            lines.append(f"{text},{zlib.crc32(text.encode()):08x}")
        path.write_text("\n".join(lines) + "\n", "utf-8")

    def clean(self, row):
        row["flags"] = ""

    def flag_some(self, row):
        """3 rows of 24 have the flag `stolen`, and one of these has the flag
        `throttled`, too."""
        row["flags"] = ""
        if row["backend"] == "mutex" and row["wait"] == "spin" and \
                row["queues"] == "1":
            row["flags"] = ("stolen+throttled" if row["round"] == "1"
                            else "stolen")

    def many_rounds(self, throughput):
        """Writes eight rounds of one cell, with the throughputs of this
        function."""
        path = self.cwd / "base/results.csv"
        lines = path.read_text("utf-8").splitlines(True)
        row = next(line for line in lines if ",mutex,spin,1," in line)
        path.write_text("".join([*lines, *[row] * 8]), "utf-8")
        seen = []

        def change(row):
            row["flags"] = ""
            if (row["backend"], row["wait"], row["queues"]) == (
                    "mutex", "spin", "1"):
                seen.append(row)
                row["round"] = str(len(seen))
                row["throughput_msg_per_s"] = str(throughput(len(seen)))
        self.change(change)

    def test_rows_with_flags_are_counted_under_the_tables(self):
        self.change(self.flag_some)
        out, _ = self.ringbench("report", "base")
        self.assertRegex(out, r"(?m)^  stolen +3 of 24 rows: ")
        self.assertRegex(out, r"(?m)^  throttled +1 of 24 rows: ")
        self.assertNotIn("cells with irregular rounds", out)

    def test_cells_with_flags_are_named(self):
        self.many_rounds(lambda n: 1e6 * 1.01 ** n)
        out, _ = self.ringbench("report", "base")
        self.assertIn("cells with irregular rounds, of 8", out)
        self.assertRegex(out, r"(?m)^  drifting: mutex spin queues=1$")
        self.assertRegex(out, r"(?m)^drifting: the values rise or fall")
        self.assert_narrow(out)

    def test_clean_rows_have_no_flags_in_the_report(self):
        self.many_rounds(lambda n: 1e6 + (n * 7) % 11 * 1e3)
        out, _ = self.ringbench("report", "base")
        self.assertNotIn(" rows: ", out)
        self.assertNotIn("cells with irregular rounds", out)

    def test_rows_with_a_flag_are_left_out_and_counted(self):
        self.change(self.flag_some)
        report = (self.cwd / "base/report.txt").read_text("utf-8")
        out, err = self.ringbench("report", "--exclude-flag",
                                  "throttled,stolen", "base")
        self.assertEqual(err, "")
        head = out.split("\n\n")[0]
        self.assertIn("left out by --exclude-flag: 3 of 24 rows", head)
        self.assertRegex(head, r"throttled +0 rows|throttled +1 rows")
        self.assertRegex(out, r"(?m)^spin +.*\n +mutex +any +- ")
        self.assertNotRegex(out, r"stolen +3 of")
        self.assert_narrow(out)
        # The filtered report does not replace report.txt.
        self.assertEqual((self.cwd / "base/report.txt").read_text("utf-8"),
                         report)

    def test_cells_with_a_flag_are_left_out_completely(self):
        self.many_rounds(lambda n: 1e6 * 1.01 ** n)
        out, _ = self.ringbench("report", "--exclude-flag=drifting", "base")
        self.assertIn("left out by --exclude-flag: 11 of 32 rows", out)
        self.assertNotIn("cells with irregular rounds", out)

    def test_a_flag_that_no_row_has_leaves_nothing_out(self):
        self.change(self.clean)
        whole, _ = self.ringbench("report", "base")
        out, _ = self.ringbench("report", "--exclude-flag", "steal", "base")
        self.assertIn("left out by --exclude-flag: 0 of 24 rows", out)
        self.assertTrue(out.endswith(whole.split("\n\n", 1)[1]))

    def test_an_unknown_flag_gets_a_suggestion(self):
        self.refuse("report", "--exclude-flag", "stollen", "base", code=2,
                    says=("unknown flag \"stollen\"",
                          "did you mean stolen"))
        for names in ("", "steal,", ",", "steal,,two_humps"):
            self.refuse("report", "--exclude-flag", names, "base", code=2,
                        says=("unknown flag \"\"",))
        self.refuse("report", "--exclude-flag", "steal," * 40 + "steal",
                    "base", code=2, says=("more than",))


class Damage(Reading):
    """Every command that reads results reports bad data with file and line."""

    def damage(self, change, *says, line=None):
        path = self.cwd / "base/results.csv"
        path.write_bytes(change(path.read_bytes()))
        where = f"base/results.csv:{line}: " if line else "base/results.csv"
        for words in (("report", "base"), ("plot", "base"),
                      ("compare", "base", "new"), ("compare", "new", "base"),
                      ("report", "base/results.csv")):
            with self.subTest(words=words):
                self.refuse(*words, code=3, says=(where, *says))

    def test_a_missing_file_is_bad_data(self):
        (self.cwd / "base/results.csv").unlink()
        for words in (("report", "base"), ("plot", "base"),
                      ("compare", "new", "base"), ("report", "nothing"),
                      ("compare", "new", "nothing")):
            self.refuse(*words, code=3, says=("No such file",))

    def test_an_empty_file_is_bad_data(self):
        self.damage(lambda data: b"", "the header is missing", line=1)

    def test_a_file_of_something_else_is_bad_data(self):
        self.damage(lambda data: b"\x7fELF\0\0\n\0\n", line=1)
        self.damage(lambda data: b"a,b\n1,2\n", "is missing", line=1)

    def test_a_changed_number_is_bad_data(self):
        def change(data):
            lines = data.splitlines(True)
            lines[3] = re.sub(rb",ok,", b",OK,", lines[3])
            return b"".join(lines)
        self.damage(change, "checksum", line=4)

    def test_half_a_row_in_the_middle_is_bad_data(self):
        def change(data):
            lines = data.splitlines(True)
            lines[2] = lines[2][:100] + b"\n"
            return b"".join(lines)
        self.damage(change, "checksum", line=3)

    def test_a_missing_column_is_bad_data(self):
        """The checksum of each row covers the header."""
        self.damage(lambda data: data.replace(b"messages,", b"", 1),
                    "checksum", line=2)

    def test_a_damaged_run_json_is_bad_data(self):
        (self.cwd / "base/run.json").write_text('{"plan": ', "utf-8")
        for words in (("report", "base"), ("plot", "base"),
                      ("compare", "base", "new"), ("compare", "new", "base")):
            self.refuse(*words, code=3, says=("base/run.json",))

    def test_a_run_json_of_another_structure_is_harmless(self):
        for text in ("[]", "{}", '{"plan": 5, "sessions": {}, "host": []}',
                     '{"sessions": [{"started_at": 5}]}'):
            (self.cwd / "base/run.json").write_text(text, "utf-8")
            for words in (("report", "base"), ("compare", "base", "new")):
                self.ringbench(*words)


class Plot(Reading):
    def test_without_gnuplot_the_data_is_kept(self):
        with tempfile.TemporaryDirectory() as empty:
            self.refuse("plot", "base", code=5, env={"PATH": empty},
                        says=("gnuplot is not installed",
                              "base/plots/pingpong", "ringbench plot"))
        tables = list((self.cwd / "base/plots/pingpong").glob("*.dat"))
        self.assertGreater(len(tables), 1)
        for path in tables:
            self.assertGreater(path.stat().st_size, 0, path)

    def test_a_failing_gnuplot_is_reported(self):
        for script, code, why in (("echo broken >&2; exit 1", 5, "broken"),
                                  ("exit 0", 7, "incomplete"),
                                  ("kill -9 $$", 5, "failed")):
            with tempfile.TemporaryDirectory() as folder, \
                    self.subTest(script=script):
                path = os.path.join(folder, "gnuplot")
                with open(path, "w", encoding="ascii") as file:
                    file.write(f"#!/bin/sh\n{script}\n")
                os.chmod(path, 0o755)
                self.refuse("plot", "base", code=code, says=(why,),
                            env={"PATH": f"{folder}:{os.environ['PATH']}"})

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_every_picture_is_drawn_in_every_format(self):
        out, err = self.ringbench("plot", "base")
        self.assertEqual(err, "")
        plots = self.cwd / "base/plots"
        for kind in ("throughput", "idle"):
            self.assertIn(f"pingpong-{kind}.svg", out)
            for extension, begin in (("svg", b"<?xml"), ("png", b"\x89PNG"),
                                     ("pdf", b"%PDF")):
                data = (plots / f"pingpong-{kind}.{extension}").read_bytes()
                self.assertTrue(data.startswith(begin))

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_texts_from_files_are_never_executed(self):
        path = self.cwd / "base/run.json"
        evil = '`touch evil` $(touch evil) \\" system(\\"touch evil\\")'
        path.write_text(re.sub(r'"(name|caption|revision)": "[^"]*"',
                               lambda m: f'"{m.group(1)}": "{evil}"',
                               path.read_text("utf-8")), "utf-8")
        self.ringbench("plot", "base")
        self.assertEqual([found for found in self.cwd.rglob("evil")], [])

    def test_a_run_without_rows_cannot_be_drawn(self):
        path = self.cwd / "base/results.csv"
        path.write_bytes(path.read_bytes().splitlines(True)[0])
        self.refuse("plot", "base", code=3, says=("no observation",))


class Wide(ProgramTest):
    """The widest names, the largest numbers and every flag."""

    def test_flags_and_failures_keep_the_report_narrow(self):
        _, out, _ = measure_once(
            "--scenario", "stream", "--backend",
            "unclosable,drops,repeats,ck_spsc,null", "--capacity", "1000000",
            "--wait", "timeout:1ms,block", "--placement", "same-cpu",
            "--rounds", 1, code=4, program="faulty")
        for line in out[:out.index("\nresults:")].splitlines():
            self.assertLessEqual(len(line), WIDTH, line)
        self.assertIn("few_laps", out)
        self.assertIn("capacity_rounded", out)
        self.assertIn("oversubscribed", out)
        self.assertIn("4 observations failed", out)


if __name__ == "__main__":
    unittest.main()
