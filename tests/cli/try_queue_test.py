#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Help for the author of a queue: the first wrong message, and the usage of
scripts/try-queue. A complete scripts/try-queue takes a minute and is not run
here."""
import subprocess
import unittest

from program import PATIENCE_S, REPO, ProgramTest


class FirstWrong(ProgramTest):
    def failed(self, backend):
        _, err = self.measure("--scenario", "stream", "--backend", backend,
                              "--wait", "spin", "--placement", "any",
                              "--duration", "300ms", "--rounds", 1, code=4,
                              program="faulty")
        return err

    def test_a_lost_message_is_shown_with_its_neighbours(self):
        self.assertRegex(self.failed("drops"), r"lost \d+, .* messages; the "
                         r"first: producer 0: after 999 came 1001 instead of "
                         r"1000\n")

    def test_a_repeated_message_is_shown_with_its_neighbours(self):
        self.assertRegex(self.failed("repeats"), r"repeated \d+, .*; the "
                         r"first: producer 0: after 1000 came 1000 instead of "
                         r"1001\n")


class TryQueue(ProgramTest):
    def test_wrong_usage_gives_one_line_and_exit_code_2(self):
        (self.cwd / "mine.c").write_text("", "ascii")
        (self.cwd / "my queue.c").write_text("", "ascii")
        for words, says in (((), "name one file"),
                            (("none.c",), "cannot read none.c"),
                            (("mine.c", "other.c"), "name one file"),
                            (("my queue.c",), "path without blanks"),
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


if __name__ == "__main__":
    unittest.main()
