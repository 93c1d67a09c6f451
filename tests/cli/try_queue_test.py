#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Help for the author of a queue: the first wrong message, and what
scripts/try-queue says about correct and faulty queues. It starts from the
objects of the build, so that only the queue is compiled."""
import fcntl
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import BUILD, FOR_MAKE, PATIENCE_S, REPO, ProgramTest, sanitized


class FirstWrong(ProgramTest):
    def failed(self, backend, *words):
        _, err = self.measure("--scenario", "stream", "--backend", backend,
                              "--wait", "spin", "--placement", "any",
                              "--duration", "300ms", "--rounds", 1, *words,
                              code=4, program="faulty")
        return err

    def test_a_lost_message_is_shown_with_its_neighbours(self):
        self.assertRegex(self.failed("drops"), r"lost \d+, .* messages; the "
                         r"first: producer 0: after 999 came 1001 instead of "
                         r"1000\n")

    def test_a_repeated_message_is_shown_with_its_neighbours(self):
        self.assertRegex(self.failed("repeats"), r"repeated \d+, .*; the "
                         r"first: producer 0: after 1000 came 1000 instead of "
                         r"1001\n")

    def test_with_several_consumers_all_messages_are_recorded(self):
        four = ("--producers", 2, "--consumers", 2)
        self.assertIn("to see the first, record all messages with --rate "
                      "10M/s\n", self.failed("drops", *four))
        for backend, says in (
                ("drops", r"lost \d+, .*; the first: producer \d: \d+ is "
                          r"missing between .+ and .+\n"),
                ("repeats", r"repeated \d+, .*; the first: producer \d: \d+ "
                            r"was popped twice: consumer \d .*\d\n"),
                ("swaps", r"reordered \d+ .*; the first: producer \d: after "
                          r"\d+ came \d+ at consumer \d\n")):
            with self.subTest(backend=backend):
                self.assertRegex(self.failed(backend, *four, "--rate", "10M/s",
                                             "--out", backend), says)


class TryQueue(ProgramTest):
    def test_wrong_usage_gives_one_line_and_exit_code_2(self):
        (self.cwd / "mine.c").write_text("", "ascii")
        (self.cwd / "my queue.c").write_text("", "ascii")
        (self.cwd / "mine.cpp").write_text("", "ascii")
        for words, says in (((), "name one file"),
                            (("none.c",), "cannot read none.c"),
                            (("mine.c", "other.c"), "name one file"),
                            (("my queue.c",), "path without blanks"),
                            (("mine.cpp",), "does not end in .c or .cc"),
                            (("--against", "nothing", "mine.c"),
                             'no queue "nothing"'),
                            (("--against",), "needs a value"),
                            (("--colour", "mine.c"), "unknown option")):
            with self.subTest(words=words):
                done = subprocess.run(
                    [REPO / "scripts/try-queue", *words], cwd=self.cwd,
                    text=True, capture_output=True, check=False,
                    timeout=PATIENCE_S)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1)
                self.assertIn(says, done.stderr)


@unittest.skipIf(sanitized(), "compares with the plain build")
class Queues(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.tree = Path(tempfile.mkdtemp(prefix="ringbench-try-"))
        cls.addClassCleanup(shutil.rmtree, cls.tree, ignore_errors=True)
        for name in ("Makefile", "bench", "plots", "scripts", "src", "tests"):
            (cls.tree / name).symlink_to(REPO / name)
        # copytree keeps the times, so make finds the objects up to date.
        shutil.copytree(BUILD / "bench", cls.tree / "build/try/bench")

    def try_queue(self, *changes, code, exported="mine", words=()):
        """Tries a changed copy of the skeleton. Returns (stdout, stderr)."""
        text = (REPO / "bench/backends/skeleton.c").read_text("utf-8").replace(
            "EXPORT_BACKEND(skeleton", f"EXPORT_BACKEND({exported}")
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        (self.cwd / "mine.c").write_text(text, "utf-8")
        return self.run_script(*words, "mine.c", code=code)

    def run_script(self, *words, code):
        done = subprocess.run(
            [self.tree / "scripts/try-queue", "--against", "mutex", *words],
            cwd=self.cwd, text=True, capture_output=True, check=False,
            env={**FOR_MAKE, "TMPDIR": str(self.cwd)}, timeout=PATIENCE_S)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertLess(len(done.stderr.splitlines()), 40)
        return done.stdout, done.stderr

    def test_a_correct_queue_gets_a_verdict_and_the_path_of_its_program(self):
        out, err = self.try_queue(code=0)
        self.assertRegex(out, r"\nmutex +[0-9.]+[kM] .*\n")
        self.assertIn("mutex passed ", out)
        self.assertRegex(out, r"\nThe program ringbench with this queue: "
                         r"/.*/build/try-mine/ringbench\n$")
        plans = subprocess.run(
            [self.tree / "build/try-mine/ringbench", "list", "plans"],
            text=True, capture_output=True, check=True).stdout
        self.assertIn("tutorial", plans)
        # Progress, but no list of compiled files and passed tests.
        self.assertIn("try-queue: contract tests\n", err)
        self.assertNotIn("CC  ", err)
        self.assertNotIn("OK ]", err)

    def test_a_queue_in_the_tree_is_not_added_twice(self):
        source = self.tree / "bench/backends/skeleton.c"
        out, _ = self.run_script(source, code=0)
        self.assertIn("as many messages as skeleton", out)

    def test_a_lost_message_is_shown_before_contract_tests_that_would_hang(self):
        out, err = self.try_queue(
            ("\tlock(port->queue);\n\tpushed = ",
             "\tstatic unsigned count;\n\n\tif (++count % 2000 == 0)\n"
             "\t\treturn true;\n\tlock(port->queue);\n\tpushed = "), code=4)
        self.assertEqual(out, "")
        self.assertRegex(err, r"the first: producer 0: after \d+ came \d+ "
                         r"instead of \d+\n")
        self.assertNotIn("contract", err)

    def test_a_message_lost_between_four_threads_is_shown(self):
        _, err = self.try_queue(
            ("\tlock(port->queue);\n\tpushed = ",
             "\tstatic unsigned count;\n\n"
             "\tif (word >> 48 == 1 && ++count % 2000 == 0)\n"
             "\t\treturn true;\n\tlock(port->queue);\n\tpushed = "), code=4)
        self.assertRegex(err, r"try-queue: looking for the first wrong message"
                         r"\n(.*\n)*.* --consumers 2 .*the first: producer 1: "
                         r"\d+ is missing between \d+ \(.*\) and \d+ ")

    def test_two_calls_in_one_tree_run_one_after_the_other(self):
        (self.cwd / "mine.c").write_text("not C", "ascii")
        folder = self.tree / "build/try"
        with open(folder / "lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with subprocess.Popen(
                    [self.tree / "scripts/try-queue", "mine.c"], cwd=self.cwd,
                    text=True, stderr=subprocess.PIPE,
                    env={**FOR_MAKE, "TMPDIR": str(self.cwd)}) as call:
                self.assertEqual(call.stderr.readline(), "try-queue: waiting "
                                 "for another try-queue in this tree\n")
                fcntl.flock(lock, fcntl.LOCK_UN)
                err = call.communicate(timeout=PATIENCE_S)[1]
        self.assertIn("try-queue: mine does not compile", err)
        self.assertEqual(call.returncode, 5)

    def test_only_the_failed_contract_tests_are_shown(self):
        _, err = self.try_queue(("*usable = capacity;", "*usable = 1;"), code=5)
        self.assertIn("[ RUN      ] queue_holds_at_least_the_requested_capacity"
                      "\n[  ERROR   ]", err)
        self.assertNotIn("two_threads_keep_the_promised_order", err)
        self.assertIn("try-queue: mine breaks the contract; the whole output: ",
                      err)

    def test_a_queue_that_does_not_compile_is_named_with_few_lines(self):
        _, err = self.try_queue(("pushed = fifo_push(", "pushed = fifo_psh("),
                                code=5)
        self.assertIn("did you mean", err)
        self.assertIn("try-queue: mine does not compile", err)
        _, err = self.try_queue(code=5, exported="yours")
        self.assertIn("EXPORT_BACKEND has the name yours", err)

    def test_a_leak_is_found_with_the_sanitizers(self):
        _, err = self.try_queue(("\tfifo_free(&q->fifo);\n\tfree(q);",
                                 "\tfifo_free(&q->fifo);"),
                                code=5, words=["--sanitize"])
        self.assertIn("detected memory leaks", err)
        self.assertIn("in queue_create", err)
        self.assertIn("try-queue: the sanitizer found an error", err)


if __name__ == "__main__":
    unittest.main()
