#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The harness cost, counted in instructions, which have no noise."""
# mostly waits
import os
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = os.environ.get("BUILD", "build")
SOURCE = os.path.join("tests", "floor", "hand_written.c")
MESSAGES = 640_000


def instructions(*command):
    """Counts all instructions of a process with callgrind."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
         *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


@unittest.skipUnless(shutil.which("valgrind"), "valgrind is not installed")
class Floor(unittest.TestCase):
    def per_message(self, command):
        """The instructions for one message. The start-up cancels in the
        difference."""
        once, twice = (instructions(*command(n))
                       for n in (MESSAGES, 2 * MESSAGES))
        return (twice - once) / MESSAGES

    def test_stream_with_null_takes_no_more_instructions_than_handwritten_code(self):
        with tempfile.TemporaryDirectory() as folder:
            program = os.path.join(folder, "hand_written")
            subprocess.run(["gcc", "-O2", "-fno-tree-vectorize", "-o",
                            program, SOURCE, "-lpthread"], check=True)

            def cell(messages):
                path = os.path.join(folder, str(messages))
                with open(path, "w", encoding="ascii") as file:
                    file.write("scenario stream\nbackend null\nwait poll\n"
                               f"warmup_ns 0\nmessages {messages}\nend\n")
                return [os.path.join(BUILD, "ringbench"), "observe",
                        "--input", path]

            by_hand = self.per_message(lambda n: [program, str(n)])
            null = self.per_message(cell)
        self.assertLessEqual(null, 1.02 * by_hand,
                             f"{null:.2f} against {by_hand:.2f}")
        self.assertGreater(null, 5, "the loop was optimised away")


if __name__ == "__main__":
    unittest.main()
