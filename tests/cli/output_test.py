#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""If results cannot be written, the exit code is 7."""
# mostly waits
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import unittest

from program import QUICK, ProgramTest, measure_once, sanitized, tree

WORDS = ("run", *QUICK, "--backend", "mutex", "--placement", "any",
         "--rounds", "2")


class Folders(ProgramTest):
    """The folder is below a file, because the tests may run as root, who may
    write into every folder."""

    def test_a_folder_below_a_file_is_refused(self):
        (self.cwd / "file").touch()
        self.refuse(*WORDS, "--out", "file/run", code=7,
                    says=("file/run: ", "Not a directory", "--out"))
        self.refuse(*WORDS, "--out", "file", code=7, says=("file",))

    def test_a_folder_that_cannot_be_made_is_refused(self):
        self.refuse(*WORDS, "--out", "/proc/nonexistent", code=7,
                    says=("/proc/nonexistent: ",))

    def test_a_file_called_results_is_not_overwritten(self):
        (self.cwd / "results").write_text("mine", "ascii")
        self.refuse(*WORDS, code=7, says=("results",))
        self.assertEqual((self.cwd / "results").read_text("ascii"), "mine")

    def test_an_empty_name_is_refused(self):
        self.refuse(*WORDS, "--out", "", code=7)

    def test_a_very_long_name_is_refused(self):
        self.refuse(*WORDS, "--out", "x" * 300, code=2, says=("--out",))

    def test_rows_are_not_appended_to_another_file(self):
        (self.cwd / "run").mkdir()
        (self.cwd / "run/results.csv").write_text("a,b\n1,2\n", "ascii")
        self.refuse(*WORDS, "--out", "run", code=3,
                    says=("results.csv", "does not begin with the header"))
        self.assertEqual((self.cwd / "run/results.csv").read_text("ascii"),
                         "a,b\n1,2\n")

    def test_a_full_disk_is_reported_for_the_header(self):
        for name in ("results.csv", "threads.csv"):
            with tempfile.TemporaryDirectory() as folder:
                os.symlink("/dev/full", f"{folder}/{name}")
                self.refuse(*WORDS, "--out", folder, code=7,
                            says=(name, "No space left"))


class FullDisk(ProgramTest):
    def run_until_full(self, folder, **more):
        process = self.start(
            "run", *QUICK, "--backend", "mutex,ck_mpmc", "--placement", "any",
            "--duration", "5ms", "--rounds", 40, "--out", folder, **more)
        out, err = self.finish(process, 7)
        self.assertEqual(out, "")
        complaint = err.splitlines()[-1]
        self.assertTrue(complaint.startswith("ringbench: "))
        self.assertIn("cannot write", complaint)
        self.assertIn("--resume", complaint)

    def assert_resumable(self, folder):
        self.ringbench("run", "--resume", folder, code=None)
        good = [row for row in self.results(folder)
                if "superseded" not in row["flags"]]
        self.assertEqual(len(good), 80)

    def test_a_file_that_may_not_grow_tears_a_row_and_resume_repairs_it(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (14_000, 14_000))
        self.run_until_full("run", preexec_fn=limit, restore_signals=False)
        sizes = [(self.cwd / "run" / name).stat().st_size
                 for name in ("results.csv", "threads.csv")]
        self.assertEqual(max(sizes), 14_000)
        self.assert_resumable("run")
        self.assertTrue(list((self.cwd / "run").glob("*.torn")))

    def test_a_full_file_system_is_reported_and_resume_continues(self):
        disk = self.cwd / "disk"
        disk.mkdir()
        mounted = shutil.which("mount") and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=40k", "none", disk],
            capture_output=True, check=False).returncode == 0
        if not mounted:
            self.skipTest("mounting is not allowed")
        try:
            self.run_until_full("disk/run")
            subprocess.run(["mount", "-o", "remount,size=4m", disk],
                           capture_output=True, check=True)
            self.assert_resumable("disk/run")
        finally:
            subprocess.run(["umount", disk], capture_output=True, check=True)


class StandardOutput(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.run_folder, _, _ = measure_once(
            "--backend", "mutex", "--placement", "any", "--rounds", 2)

    def check(self, *words):
        with open("/dev/full", "w", encoding="ascii") as full:
            _, err = self.ringbench(*words, stdout=full, code=7)
        self.assert_one_line(err)
        self.assertIn("standard output", err)
        done = subprocess.run(
            ["sh", "-c", 'exec "$@" >&-', "sh", tree() / "bin/ringbench",
             *map(str, words)], cwd=self.cwd, stderr=subprocess.PIPE,
            text=True, check=False)
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assert_one_line(done.stderr)

    def test_every_command_reports_a_full_or_closed_output(self):
        run = self.run_folder
        for words in (("list",), ("list", "columns", "--markdown"),
                      ("--help",), ("--version",), ("report", run),
                      ("compare", run, run), ("run", "--dry-run")):
            with self.subTest(words=words):
                self.check(*words)

    def test_a_run_keeps_its_rows_when_the_output_is_full(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            self.ringbench(*WORDS, "--out", "run", stdout=full, code=7)
        self.assertEqual(len(self.results()), 2)
        self.assertTrue((self.cwd / "run/report.txt").exists())

    def test_a_closed_pipe_is_reported(self):
        reader, writer = os.pipe()
        os.close(reader)
        process = self.start("list", "columns", stdout=writer)
        os.close(writer)
        process.wait(60)
        self.assertNotEqual(process.returncode, 0)

    @unittest.skipUnless(shutil.which("stdbuf"), "stdbuf is not installed")
    def test_with_closed_standard_files_no_other_file_gets_the_text(self):
        if sanitized():
            self.skipTest("sanitizers must be loaded first")
        done = subprocess.run(
            ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", "stdbuf", "-o0",
             tree() / "bin/ringbench", *WORDS, "--out", "run"], cwd=self.cwd,
            check=False)
        self.assertEqual(done.returncode, 7)
        for name in ("results.csv", "threads.csv"):
            text = (self.cwd / "run" / name).read_text("utf-8")
            self.assertNotIn("messages/s", text)
            for line in text.splitlines()[1:]:
                self.assertTrue(line.startswith("run,"), line)


if __name__ == "__main__":
    unittest.main()
