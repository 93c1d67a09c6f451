# SPDX-License-Identifier: BSD-2-Clause
"""What the command-line tests share: running the program, reading its files.

The program finds plans, plots and scripts beside itself, so each test process
puts copies of it into a tree of its own. Processes of that tree are found by
their executable, whatever else runs on the machine.
"""
import atexit
import csv
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
BUILD = REPO / os.environ.get("BUILD", "build")
# Long enough for a message to pass on a busy machine. Other tests disturb it, and
# no test may depend on that, so nothing is measured again.
QUICK = ("--duration", "20ms", "--warmup", "1ms", "--retry", "0")
# For any program; a test that needs it has failed. Long forms of tests measure
# for minutes.
PATIENCE_S = 900 if "SOAK" in os.environ else 60
# Tests run beside each other, and beside a run that somebody waits for.
os.environ["RINGBENCH_LOCK"] = ""

_tree = None


def tree():
    """A folder with bin/ringbench, bin/faulty and what they look for."""
    global _tree
    if not _tree:
        _tree = Path(tempfile.mkdtemp(prefix="ringbench-test-"))
        atexit.register(shutil.rmtree, _tree, ignore_errors=True)
        (_tree / "bin").mkdir()
        shutil.copy(BUILD / "ringbench", _tree / "bin/ringbench")
        shutil.copy(BUILD / "faulty/ringbench", _tree / "bin/faulty")
        for name in ("bench", "plots", "scripts"):
            (_tree / name).symlink_to(REPO / name)
    return _tree


def sanitized():
    """Whether a sanitizer is compiled in, which has faults of its own."""
    return b"__sanitizer_" in (BUILD / "ringbench").read_bytes()


def processes():
    """Ids of all living processes of the tree's programs."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            program = os.readlink(entry / "exe")
        except OSError:
            continue  # a zombie, the kernel's, or gone
        if program.startswith(str(tree())):
            found.append(int(entry.name))
    return found


def wait_until(condition, seconds=PATIENCE_S):
    """Asks again and again; what the condition said last."""
    end = time.monotonic() + seconds
    while not (said := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return said


def rows(path):
    """The rows of a CSV file as dictionaries of texts."""
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(row, *columns):
    """The sum of these columns; an empty one is a fault of the test."""
    return sum(int(row[column]) for column in columns)


def cell_of(row):
    return tuple(row[name] for name in (
        "scenario", "backend", "wait", "placement", "queues", "producers",
        "consumers"))


def without_doctor(err):
    """What run says about the machine depends on the machine."""
    return "".join(line for line in (err or "").splitlines(True)
                   if not line.startswith("doctor: "))


def measure_once(test_class, *words, code=0, program="ringbench"):
    """One run for all tests of a class; (its folder, stdout, stderr)."""
    folder = Path(tempfile.mkdtemp(prefix="ringbench-once-"))
    test_class.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
    done = subprocess.run(
        [tree() / "bin" / program, "run", "--out", "run", *QUICK,
         *map(str, words)], cwd=folder, stdin=subprocess.DEVNULL, text=True,
        capture_output=True, timeout=PATIENCE_S, check=False)
    if done.returncode != code:
        raise AssertionError(f"exit code {done.returncode}\n{done.stderr}")
    return folder / "run", done.stdout, without_doctor(done.stderr)


class ProgramTest(unittest.TestCase):
    """Each test has an empty working directory, self.cwd."""

    def setUp(self):
        self.cwd = Path(tempfile.mkdtemp(prefix="ringbench-cwd-"))
        self.addCleanup(shutil.rmtree, self.cwd, ignore_errors=True)

    def start(self, *words, program="ringbench", **more):
        process = subprocess.Popen(
            [tree() / "bin" / program, *map(str, words)],
            **{"cwd": self.cwd, "stdin": subprocess.DEVNULL, "text": True,
               "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more})
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def finish(self, process, code):
        """Waits for the end; returns (stdout, stderr). None: any code."""
        out, err = process.communicate(timeout=PATIENCE_S)
        if code is not None:
            self.assertEqual(process.returncode, code, f"{out}\n{err}")
        return out, without_doctor(err)

    def ringbench(self, *words, code=0, **more):
        return self.finish(self.start(*words, **more), code)

    def measure(self, *words, code=0, **more):
        """A run into self.cwd/run; returns (stdout, stderr)."""
        return self.ringbench("run", "--out", "run", *QUICK, *words,
                              code=code, **more)

    def listed(self, what):
        """The rows of the first table of `ringbench list`."""
        out, _ = self.ringbench("list", what, "--json")
        return json.loads(out)["tables"][0]["rows"]

    def results(self, folder="run"):
        return rows(self.cwd / folder / "results.csv")

    def threads(self, folder="run"):
        return rows(self.cwd / folder / "threads.csv")

    def refuse(self, *words, code, says=(), **more):
        """An error is one line that says these things; returns it."""
        out, err = self.ringbench(*words, code=code, **more)
        self.assertEqual(out or "", "")
        self.assert_one_line(err)
        for part in says:
            self.assertIn(part, err)
        return err

    def assert_one_line(self, err):
        self.assertTrue(err.startswith("ringbench: "), err)
        self.assertTrue(err.endswith("\n"), err)
        self.assertEqual(len(err.splitlines()), 1, err)

    def interrupt(self, process, number):
        """Sends the signal to the runner alone."""
        os.kill(process.pid, number)
        return self.finish(process, {signal.SIGINT: 130,
                                     signal.SIGTERM: 143}.get(number))
