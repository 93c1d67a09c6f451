#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The contract tests find backends that break the contract.

Each backend is a copy of skeleton.c with one changed line, compiled by the
Makefile.
"""
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import FOR_MAKE, REPO

SKELETON = (REPO / "bench/backends/skeleton.c").read_text("utf-8")
# A queue that sometimes reports "empty" although it has a message. No thread
# pushes at that moment, so a blocking consumer would sleep for ever: the tests
# that use it must not block.
HIDES = ("\tpopped = fifo_pop(&port->queue->fifo, word);\n",
         "\tstatic unsigned tries;\n\n"
         "\tpopped = ++tries % 64 && fifo_pop(&port->queue->fifo, word);\n")
WITHOUT_BLOCKING = "a_*"
FLAGS = "BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER"


class BrokenPromises(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ringbench-contract-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def source(self, *changes):
        """Writes a copy of skeleton.c with these changes."""
        text = SKELETON.replace("EXPORT_BACKEND(skeleton",
                                "EXPORT_BACKEND(probe")
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        source = self.folder / "probe.c"
        source.write_text(text, "utf-8")
        return source

    def build(self, source, *words):
        """Returns the path of the contract tests of this queue."""
        program = f"{self.folder}/build/tests/contract_probe"
        subprocess.run(
            ["make", "-s", f"BUILD={self.folder}/build", "OPTIMISE=-O1",
             f"EXTRA_BACKENDS={source}", *words, program], cwd=REPO,
            env=FOR_MAKE, stdout=subprocess.DEVNULL, check=True)
        return program

    def failures(self, *changes, only="*"):
        """Returns the names of the tests that fail on the changed copy. Sets
        self.said to the output."""
        program = self.build(self.source(*changes))
        done = subprocess.run([program, only], text=True, check=False,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT,
                              timeout=60)
        self.said = done.stdout
        failed = set(re.findall(r"^\[  FAILED  \] (\w+)$", done.stdout, re.M))
        self.assertEqual(bool(failed), done.returncode != 0, done.stdout)
        return failed

    def test_an_unchanged_copy_passes_all_contract_tests(self):
        self.assertEqual(self.failures(), set())

    def test_a_false_empty_is_found_unless_declared(self):
        failed = self.failures(HIDES, only=WITHOUT_BLOCKING)
        self.assertIn("a_queue_with_a_message_never_reports_empty",
                      failed)
        self.assertIn("a_pushed_message_can_be_popped_at_once", failed)

    def test_a_declared_false_empty_is_counted(self):
        failed = self.failures(HIDES, (FLAGS, FLAGS + "| BACKEND_WEAK_EMPTY"),
                               only=WITHOUT_BLOCKING)
        for name in ("a_queue_with_a_message_never_reports_empty",
                     "a_pushed_message_can_be_popped_at_once"):
            self.assertNotIn(name, failed)
        self.assertRegex(self.said,
                         r"probe: false empty [1-9]\d*, false full 0")

    def test_a_test_that_hangs_ends_after_its_time_limit(self):
        # Without a time limit, a lost message would hang the tests for ever.
        source = self.source(("\tlock(port->queue);\n\tpushed = ",
                              "\tif (word == 1000)\n\t\treturn true;\n"
                              "\tlock(port->queue);\n\tpushed = "))
        program = self.build(source, "EXTRA=-DTEST_SECONDS_MAX=1")
        done = subprocess.run([program, "two_threads_*"], text=True,
                              capture_output=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the test above does not end: a message or a wake-up "
                      "was lost", done.stderr)

    def test_a_queue_declared_as_stack_fails_and_vice_versa(self):
        order = "a_queue_hands_out_the_oldest_first_and_a_stack_the_newest"
        self.assertIn(order, self.failures((FLAGS, FLAGS + "| BACKEND_LIFO")))
        self.assertIn(order, self.failures(("fifo_pop(", "fifo_pop_newest(")))

    def test_a_bounded_queue_declared_unbounded_fails(self):
        failed = self.failures(
            (FLAGS, FLAGS + "| BACKEND_UNBOUNDED"),
            ("fifo_init(&q->fifo, capacity)", "fifo_init(&q->fifo, 1000)"))
        self.assertIn("unbounded_queue_holds_many_more_words_than_a_ring", failed)
        self.assertIn("unbounded_queue_does_not_fill_the_memory",
                      failed)


if __name__ == "__main__":
    unittest.main()
