# SPDX-License-Identifier: BSD-2-Clause
"""Shared by the command-line tests: running the program and reading its files.

The program finds plans, plots and scripts relative to itself, so each test
process copies the program into its own tree. Processes of this tree are
recognised by their executable.
"""
import atexit
import csv
import functools
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
# Long enough for one message on a busy machine. Other tests disturb the run, so
# disturbed cells are not measured again.
QUICK = ("--duration", "20ms", "--warmup", "1ms", "--retry", "0")
# Longest time that a program may take; a test that reaches this time fails.
# Long forms of tests measure for minutes.
PATIENCE_S = 900 if "SOAK" in os.environ else 300
# For `make`: English messages, and no settings of a make that runs this test.
FOR_MAKE = {**{name: value for name, value in os.environ.items()
               if not name.startswith(("MAKE", "MFLAGS"))}, "LC_ALL": "C"}
# For objects whose loops are not measured: they compile several times faster.
NOT_INLINED = "-DRINGBENCH_INLINE='inline __attribute__((unused))'"
# Tests run at the same time as other tests and as other runs, so they use no
# lock.
os.environ["RINGBENCH_LOCK"] = ""

_tree = None


def tree():
    """Makes a folder with bin/ringbench, bin/faulty and the files that they
    need."""
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
    """Whether the program was built with a sanitizer, which changes memory use
    and exit codes."""
    return b"__sanitizer_" in (BUILD / "ringbench").read_bytes()


def processes():
    """Returns the ids of all running processes of the tree's programs."""
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


def children(pid):
    """Ids of the living children of a process."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(child) for child in path.read_text("ascii").split()]
    except OSError:
        return []


def wait_until(condition, seconds=PATIENCE_S):
    """Calls the condition until it is true or the time is over. Returns its
    last value."""
    end = time.monotonic() + seconds
    while not (said := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return said


def rows(path):
    """Returns the rows of a CSV file as dictionaries of texts."""
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(row, *columns):
    """Returns the sum of these columns; fails if a column is empty."""
    return sum(int(row[column]) for column in columns)


def cell_of(row):
    return tuple(row[name] for name in (
        "scenario", "backend", "wait", "placement", "queues", "producers",
        "consumers"))


def without_doctor(err):
    """Removes the lines of `run` that depend on the machine."""
    return "".join(line for line in (err or "").splitlines(True)
                   if not line.startswith("doctor: "))


@functools.cache
def measure_once(*words, code=0, program="ringbench"):
    """Measures one run for all tests of a file that only read it. Returns (its
    folder, stdout, stderr)."""
    folder = Path(tempfile.mkdtemp(prefix="ringbench-once-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
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
        """Waits for the end of the process. Returns (stdout, stderr). code
        None: any exit code."""
        out, err = process.communicate(timeout=PATIENCE_S)
        if code is not None:
            self.assertEqual(process.returncode, code, f"{out}\n{err}")
        return out, without_doctor(err)

    def ringbench(self, *words, code=0, **more):
        return self.finish(self.start(*words, **more), code)

    def measure(self, *words, code=0, **more):
        """Measures a run into self.cwd/run. Returns (stdout, stderr)."""
        return self.ringbench("run", "--out", "run", *QUICK, *words,
                              code=code, **more)

    def listed(self, what):
        """Returns the rows of the first table of `ringbench list`."""
        out, _ = self.ringbench("list", what, "--json")
        return json.loads(out)["tables"][0]["rows"]

    def results(self, folder="run"):
        return rows(self.cwd / folder / "results.csv")

    def threads(self, folder="run"):
        return rows(self.cwd / folder / "threads.csv")

    def refuse(self, *words, code, says=(), **more):
        """Expects an error in one line with these texts. Returns the line."""
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
        """Sends the signal only to the runner."""
        os.kill(process.pid, number)
        return self.finish(process, {signal.SIGINT: 130,
                                     signal.SIGTERM: 143}.get(number))
