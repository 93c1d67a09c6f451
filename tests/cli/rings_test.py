#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The rings of src/ in somebody else's program, which knows nothing of ours."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import REPO

PROGRAMS = {
    "spsc_ring.h": """
        static struct spsc_ring ring;
        struct spsc_producer producer;
        struct spsc_consumer consumer;
        if (spsc_ring_init(&ring, 100))
                return 1;
        spsc_producer_open(&producer, &ring);
        spsc_consumer_open(&consumer, &ring);
        spsc_push(&producer, 42);
        spsc_pop(&consumer, &word);
        spsc_ring_free(&ring);""",
    "mpmc_ring.h": """
        static struct mpmc_ring ring;
        struct mpmc_end end;
        if (mpmc_ring_init(&ring, 100))
                return 1;
        mpmc_end_open(&end, &ring);
        mpmc_push(&end, 42);
        mpmc_pop(&end, &word);
        mpmc_end_close(&end);
        mpmc_ring_free(&ring);""",
    "scq.h": """
        static struct scq queue;
        if (scq_init(&queue, 100, 0))
                return 1;
        scq_push(&queue, 42);
        scq_pop(&queue, &word);
        scq_free(&queue);""",
}
COMPILERS = {
    "cc -std=gnu11": "c",
    "cc -std=c11": "c",
    "c++ -std=c++17": "cc",
    "c++ -std=c++20": "cc",
}
# Its own atomic and system headers are all that it needs.
CROSS = {"aarch64-linux-gnu-gcc -std=gnu11": "c"}


class Newcomer(unittest.TestCase):
    def build(self, command, suffix, header, run=True):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / f"newcomer.{suffix}"
            source.write_text(
                f'#include "{header}"\n\nint main(void)\n{{\n'
                f"        uint64_t word = 0;\n{PROGRAMS[header]}\n"
                "        return word == 42 ? 0 : 2;\n}\n", "utf-8")
            done = subprocess.run(
                [*command.split(), "-O2", "-Wall", "-Wextra", "-Wpedantic",
                 "-Wconversion", "-Werror", "-I", REPO / "src", source, "-o",
                 Path(folder) / "newcomer"],
                text=True, capture_output=True, timeout=120, check=False,
                env={**os.environ, "LC_ALL": "C"})
            self.assertEqual(done.stderr, "")
            if run:
                ran = subprocess.run([Path(folder) / "newcomer"], timeout=60,
                                     check=False)
                self.assertEqual(ran.returncode, 0)

    def test_each_header_is_all_that_a_program_includes(self):
        for header in PROGRAMS:
            for command, suffix in COMPILERS.items():
                with self.subTest(f"{header}, {command}"):
                    self.build(command, suffix, header)

    def test_each_header_compiles_for_arm(self):
        for header in PROGRAMS:
            for command, suffix in CROSS.items():
                if not shutil.which(command.split()[0]):
                    self.skipTest("no cross compiler here: apt-get install "
                                  "gcc-aarch64-linux-gnu")
                with self.subTest(f"{header}, {command}"):
                    self.build(command, suffix, header, run=False)


if __name__ == "__main__":
    unittest.main(verbosity=2)
