#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The parts of the proofs: planted loops, the table, the picture."""
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import made_up
from made_up import rounds
from program import BUILD, REPO

sys.path.insert(0, str(REPO / "scripts"))
import prove_slowdown  # noqa: E402

CC = os.environ.get("CC", "gcc")


class Proof(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ringbench-prove-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(REPO)

    def test_a_slowed_copy_differs_only_in_its_loop_and_name(self):
        prove_slowdown.plant(self.folder, [10, 20, 30, 40])
        original = prove_slowdown.ORIGINAL.read_text("utf-8").splitlines()
        copy = (self.folder / "mutex_slow05.c").read_text("utf-8")
        self.assertIn("turn < 20; turn++", copy)
        gone = [line for line in original if line not in copy.splitlines()]
        self.assertEqual(len(gone), 2)
        self.assertIn("return fifo_pop(fifo, word);", gone[0])
        self.assertIn("EXPORT_BACKEND(mutex,", gone[1])

    def test_the_copies_compile(self):
        prove_slowdown.plant(self.folder, [10, 20, 30, 40])
        for path in sorted(self.folder.glob("*.c")):
            done = subprocess.run(
                [CC, "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra",
                 "-Werror", "-fsyntax-only", "-Ibench/loops", "-Ibench", "-Isrc",
                 "-Ibench/backends", "-Ibench/scenarios", f"-I{BUILD}",
                 path], text=True, capture_output=True,
                check=False)
            self.assertEqual(done.stderr, "")

    def test_another_backend_than_expected_is_refused(self):
        self.addCleanup(setattr, prove_slowdown, "ORIGINAL",
                        prove_slowdown.ORIGINAL)
        prove_slowdown.ORIGINAL = Path("bench/backends/spinlock.c")
        with self.assertRaises(SystemExit) as said:
            prove_slowdown.plant(self.folder, [1, 2, 3, 4])
        self.assertIn("is not what it was", str(said.exception))

    def made_up_pool(self):
        dice = random.Random(4)
        drift = [1e6 * dice.lognormvariate(0, 0.5) for _ in range(200)]
        sides = [rounds(drift)]
        for share in prove_slowdown.PLANTED:
            sides.append(rounds(
                [rate * (1 - share / 100) * dice.lognormvariate(0, 0.05)
                 for rate in drift],
                backend=prove_slowdown.name_of(share)))
        return made_up.write(self.folder / "pool", sum(sides, []))

    def detect(self, pool):
        return subprocess.run(
            [BUILD / "tests/detect", pool, self.folder / "detection.dat",
             "200"],
            text=True, capture_output=True, check=False)

    def test_more_rounds_find_more_slowdowns_and_the_table_is_drawn(self):
        done = self.detect(self.made_up_pool())
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [line.split() for line in done.stdout.splitlines()]
        found = {line[1]: line[4:] for line in lines
                 if line[:1] == ["planted"]}
        self.assertEqual(list(found), ["2", "5", "10", "20"])
        # Rounds 6, 8, 12 .. 96. More rounds find more, and all find 20 %.
        self.assertEqual(found["20"], ["100"] * 9)
        self.assertLess(int(found["2"][0]), 50)
        self.assertGreater(int(found["2"][-1]), int(found["2"][0]))
        data = self.folder / "detection.dat"
        self.assertEqual(data.read_text("ascii").count("slower"), 4)
        if not shutil.which("gnuplot"):
            self.skipTest("gnuplot is not installed")
        said = subprocess.run(
            ["gnuplot", "-d", REPO / "plots/detection.gp"], cwd=self.folder,
            text=True, capture_output=True, check=True)
        self.assertEqual(said.stderr, "")
        picture = (self.folder / "picture.svg").read_text("utf-8")
        self.assertIn("5 % slower", picture)
        self.assertTrue(picture.rstrip().endswith("</svg>"))

    def test_a_pair_costs_the_attempts_that_were_repeated(self):
        sides = rounds([1e6] * 24) + rounds([1e6] * 24, attempt=2)
        for share in prove_slowdown.PLANTED:
            sides += rounds([1e6 * (1 - share / 100)] * 24,
                            backend=prove_slowdown.name_of(share))
        pool = made_up.write(self.folder / "pool", sides)
        self.assertEqual(self.detect(pool).stdout.count(
            "a pair costs 1.50 rounds"), 4)

    def test_without_distances_and_repeats_only_first_attempts_are_left(self):
        sides = rounds([1e6] * 24, flags="disturbed", line_before_ns=80,
                       line_after_ns=300) + rounds([2e6] * 24, attempt=2)
        for share in prove_slowdown.PLANTED:
            sides += rounds([1e6] * 24, backend=prove_slowdown.name_of(share))
        pool = made_up.write(self.folder / "pool", sides)
        prove_slowdown.hide(pool, self.folder / "hidden")
        done = self.detect(self.folder / "hidden")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("0.0 % slower (median)"), 4,
            done.stdout)
        self.assertEqual(done.stdout.count("a pair costs 1.00 rounds"), 4)
        self.assertEqual(self.detect(pool).stdout.count(
            "measured: 50.0 % slower"), 4)

    def test_a_run_without_the_slowed_copies_is_refused(self):
        pool = made_up.write(self.folder / "pool", rounds([1e6] * 12))
        done = self.detect(pool)
        self.assertEqual(done.returncode, 3)
        self.assertIn("no cell with mutex_slow02", done.stderr)


if __name__ == "__main__":
    unittest.main()
