#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A scenario from outside the tree needs two files, and no other file is
edited."""
import csv
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import (BUILD, FOR_MAKE, NOT_INLINED, PATIENCE_S, QUICK, REPO,
                     sanitized)

BACKENDS = ("bench/backends/mutex.c", "bench/backends/line.c",
            "tests/backends/cxx.cc")
PUSH = "pushed = fifo_push(&port->queue->fifo, word);"
POP = "popped = fifo_pop(&port->queue->fifo, word);"
# Faulty queues, made from the skeleton by one changed line.
FAULTY = {
    "drops": (PUSH, "static unsigned pushes;\n\t" + PUSH.replace(
        "= ", "= ++pushes % 8 == 0 || ")),
    "swaps": (POP, POP.replace("fifo_pop", "fifo_pop_newest")),
}


class ScenarioFromOutside(unittest.TestCase):
    """Makes a build with few backends in its own folder, with the scenarios of
    the folder `mine`."""

    @classmethod
    def setUpClass(cls):
        if sanitized():
            raise unittest.SkipTest("a sanitizer changes the loops")
        cls.folder = Path(tempfile.mkdtemp(prefix="ringbench-scenario-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        # Copies the objects of the harness, because only backends contain
        # loops. Leaves out the .d files, because their rules name the other
        # folder.
        shutil.copytree(BUILD / "bench", cls.folder / "bin/bench",
                        ignore=shutil.ignore_patterns("backends", "*.d"))
        (cls.folder / "plots").symlink_to(REPO / "plots")
        cls.mine = cls.folder / "mine"
        shutil.copytree(REPO / "tests/scenarios", cls.mine)
        skeleton = (REPO / "bench/backends/skeleton.c").read_text("utf-8")
        for name, (old, new) in FAULTY.items():
            assert old in skeleton
            (cls.folder / f"{name}.c").write_text(
                skeleton.replace(old, new).replace(
                    "EXPORT_BACKEND(skeleton", f"EXPORT_BACKEND({name}"),
                "utf-8")

        # Of the loops, check-asm looks at those of mutex only.
        for more in ((f"EXTRA={NOT_INLINED}", "OPTIMISE=-O1",
                      f"{cls.folder}/bin/tests/backends/cxx.o",
                      *(f"{cls.folder}/bin/{cls.folder}/{name}.o"
                        for name in FAULTY)), ()):
            done = cls.build(cls.mine, *more)
            if done.returncode:
                raise AssertionError(done.stderr)
        done = subprocess.run(
            [cls.folder / "bin/ringbench", "run", "--out", "run", *QUICK,
             "--scenario", "burst", "--backend", "mutex,cxx,line", "--wait",
             "block", "--burst", "1", "--rounds", "1", "--messages", "200"],
            cwd=cls.folder,
            text=True, capture_output=True, timeout=PATIENCE_S, check=False)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        cls.report = done.stdout

    @classmethod
    def build(cls, scenarios, *more):
        return subprocess.run(
            ["make", "-s", "-j2", "-C", REPO, f"BUILD={cls.folder}/bin",
             "BACKENDS=" + " ".join([*BACKENDS, *(
                 f"{cls.folder}/{name}.c" for name in FAULTY)]),
             f"EXTRA_SCENARIOS={scenarios}", *more], env=FOR_MAKE, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def call(self, *words, code=0):
        done = subprocess.run(
            [*map(str, words)], cwd=self.folder, text=True, check=False,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_S)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def ringbench(self, *words, code=0):
        return self.call(self.folder / "bin/ringbench", *words, code=code)

    def test_its_parameter_is_in_the_help_and_in_the_list(self):
        help_text = "messages that the producer pushes at once"
        self.assertRegex(self.ringbench("run", "--help"),
                         rf"--burst=N +(burst: )?{help_text}")
        self.assertRegex(" ".join(self.ringbench("list", "params").split()),
                         rf"--burst N 16 burst: {help_text}")

    def test_a_value_outside_its_range_is_refused(self):
        self.ringbench("run", "--scenario", "burst", "--burst", "0", code=2)
        self.ringbench("run", "--scenario", "stream", "--burst", "4", code=2)

    def test_its_columns_are_in_the_results(self):
        with open(self.folder / "run/results.csv", newline="",
                  encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual({row["backend"] for row in rows},
                         {"mutex", "cxx", "line"})
        for row in rows:
            self.assertEqual((row["status"], row["burst"]), ("ok", "1"))
            self.assertGreater(int(row["burst_p50_ns"]), 0)
        self.assertIn("| `burst_p50_ns` |",
                      self.ringbench("list", "columns", "--markdown"))

    def test_verification_finds_lost_and_reordered_messages(self):
        # A fault happens once in 1000 messages, and burst transfers many more
        # messages.
        self.ringbench("run", "--out", "faults", "--duration", "500ms",
                       "--scenario", "burst", "--backend", "drops,swaps",
                       "--burst", "100000", "--rounds", "1", code=4)
        with open(self.folder / "faults/results.csv", newline="",
                  encoding="utf-8") as file:
            rows = {row["backend"]: row for row in csv.DictReader(file)}
        self.assertEqual({row["status"] for row in rows.values()}, {"failed"})
        self.assertGreater(int(rows["drops"]["lost"]), 0)
        self.assertGreater(int(rows["swaps"]["reordered"]), 0)

    def test_the_report_has_its_table_and_its_bound(self):
        self.assertIn("burst: bursts of messages, each answered once",
                      self.report)
        self.assertRegex(self.report,
                         r"wait +backend +placement +(burst +)?p50 +idle +"
                         r"of bound")

    def test_its_pictures_are_drawn(self):
        self.ringbench("plot", "run")
        drawn = {path.name for path in (self.folder / "run/plots").iterdir()}
        self.assertLessEqual({"burst-throughput.svg", "burst-idle.svg"}, drawn)

    def test_compare_knows_that_lower_is_better(self):
        said = self.ringbench("compare", "run", "--by", "backend", "--base",
                              "mutex", "--metric", "burst_p50_ns")
        self.assertIn("burst_p50_ns, lower is better", " ".join(said.split()))

    def test_check_asm_demands_its_loops_in_every_backend(self):
        listed = [line.split() for line in
                  self.ringbench("list", "loops").splitlines()]
        self.assertIn(["backend", "burst_producer_spin"], listed)
        self.assertIn(["backend", "burst_consumer_block"], listed)
        objects = [self.folder / "bin/bench/backends/mutex.o",
                   *(self.folder / "bin").rglob("burst.o")]
        self.assertEqual(len(objects), 2)
        said = self.call(REPO / "scripts/check-asm",
                         self.folder / "bin/ringbench", *objects)
        self.assertIn("check-asm: 1 objects", said)
        # An object of another build, which does not have these loops.
        said = self.call(REPO / "scripts/check-asm",
                         self.folder / "bin/ringbench",
                         BUILD / "bench/backends/mutex.o", code=1)
        self.assertIn("has no loop burst_", said)

    def refuse(self, name, *changes):
        """Adds a copy of burst.c with these changes, and returns the output of
        make."""
        text = (self.mine / "burst.c").read_text("utf-8")
        for old, new in (("scenario_burst", f"scenario_{name}"),
                         ('.id = "burst"', f'.id = "{name}"'), *changes):
            self.assertIn(old, text)
            text = text.replace(old, new)
        (self.mine / f"{name}.c").write_text(text, "utf-8")
        self.addCleanup((self.mine / f"{name}.c").unlink)
        done = self.build(self.mine)
        self.assertNotEqual(done.returncode, 0)
        return [line for line in done.stderr.splitlines()
                if line.startswith("ringbench: ")]

    def test_two_parameters_of_one_name_that_differ_fail_the_build(self):
        said = self.refuse("clash", ("pushes at once", "pushes in a row"))
        self.assertEqual(said, [
            "ringbench: scenario clash cannot declare the parameter burst: "
            "scenario burst declares it differently; use the same "
            "declaration or another name"])

    def test_two_metrics_of_one_name_that_differ_fail_the_build(self):
        said = self.refuse("clash", ("BETTER_LOWER", "BETTER_HIGHER"))
        self.assertEqual(said, [
            "ringbench: scenario clash cannot declare the column "
            "burst_p50_ns: another declaration with this name differs; use "
            "the same declaration or another name"])

    def test_a_parameter_that_all_scenarios_have_cannot_be_declared(self):
        said = self.refuse("clash", ('{ "burst", "N"', '{ "capacity", "N"'),
                           ('"burst")', '"capacity")'))
        self.assertEqual(said, [
            "ringbench: scenario clash cannot declare the parameter "
            "capacity: all scenarios have it; use another name"])


if __name__ == "__main__":
    unittest.main()
