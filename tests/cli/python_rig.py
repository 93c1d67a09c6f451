# SPDX-License-Identifier: BSD-2-Clause
"""Shared by the tests of the Python reference."""
import importlib
import itertools
import subprocess
import sys
import unittest
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[2] / "scripts/python_reference.py"
POLICIES = ("poll", "spin", "yield", "sleep:1ms", "block", "timeout:0.5ms")
SUMS = ("busy_ns", "wait_empty_ns", "wait_full_ns", "cpu_ns", "empty_tries",
        "full_tries", "timeouts", "vol_switches", "invol_switches",
        "page_faults")


def run(*arguments, text=""):
    return subprocess.run([sys.executable, str(REFERENCE), *arguments],
                          input=text, capture_output=True, text=True,
                          timeout=30, check=False)


def lines(**cell):
    quick = {"warmup_ns": 0, "duration_ns": 50_000_000}
    return "".join(f"{name} {value}\n"
                   for name, value in {**quick, **cell}.items())


def parse(text):
    """Parses the result and its threads. Fails if text follows `end`."""
    *body, end = text.splitlines()
    assert end == "end", text
    result, threads = {}, {}
    now = result
    for line in body:
        name, value = line.split(" ", 1)
        if name == "thread":
            now = threads.setdefault(value, {})
            continue
        assert name not in now, f"{name} is said twice"
        now[name] = int(value) if value.isdigit() else value
    return result, threads


class CellTest(unittest.TestCase):
    """Runs each cell in a new process."""

    def observe(self, **cell):
        done = run(text=lines(**cell) + "end\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return parse(done.stdout)

    def refuse(self, why, text):
        done = run(text=text)
        result, threads = parse(done.stdout)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(set(result), {"status", "reason"})
        self.assertEqual((result["status"], threads), ("error", {}))
        self.assertIn(why, result["reason"])
        self.assertEqual(done.stderr.count("\n"), 1, "one line for people")
        self.assertIn(result["reason"], done.stderr)

    def assert_books_balance(self, result, threads):
        self.assertEqual((result["status"], result["verified"]), ("ok", 1))
        for column in ("lost", "repeated", "reordered"):
            self.assertEqual(result.get(column, 0), 0, column)
        for column in SUMS:
            self.assertEqual(result[column],
                             sum(t[column] for t in threads.values()), column)
        self.assertEqual(min(t["start_ns"] for t in threads.values()), 0)
        self.assertEqual(max(t["start_ns"] + t["elapsed_ns"]
                             for t in threads.values()), result["elapsed_ns"])
        for thread in threads.values():
            self.assertEqual(thread["busy_ns"] + thread["wait_empty_ns"]
                             + thread["wait_full_ns"], thread["elapsed_ns"])
            self.assertEqual(thread["cpu_user_ns"] + thread["cpu_sys_ns"],
                             thread["cpu_ns"])


class PlantTest(CellTest):
    """Runs a cell in this process, so that a fault can be planted."""

    @classmethod
    def setUpClass(cls):
        sys.dont_write_bytecode = True
        if str(REFERENCE.parent) not in sys.path:
            sys.path.insert(0, str(REFERENCE.parent))
        for name in ("cell", "counter", "handshake", "passing", "pipeline",
                     "scenarios", "website", "window", "worker"):
            setattr(cls, name,
                    importlib.import_module("python_reference." + name))

    def start(self, **given):
        cell = self.cell.parse_cell(lines(**given).splitlines())
        window = self.scenarios.scenario_of(cell)(cell, cell["messages"])
        self.addCleanup(window.close)
        return window

    def observe(self, **given):
        window = self.start(**given)
        cell = window.cell
        window.run(None if cell["messages"] else cell["duration_ns"] / 10**9)
        said = [f"{name} {value}" for name, value in window.observation()]
        return parse("\n".join([*said, "end"]))

    def result_of(self, window):
        return dict(itertools.takewhile(lambda pair: pair[0] != "thread",
                                        window.observation()))

    def assert_failed(self, result, column=None):
        self.assertEqual((result["status"], result["verified"]), ("failed", 0))
        if column:
            self.assertGreater(result[column], 0, column)
