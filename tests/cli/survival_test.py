#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A run that is killed, or whose system calls fail, keeps its finished
observations.

The short form is part of make test. make soak sets SOAK=1: 1,000 kills at random
moments, and each system call fails at its first to 40th occurrence.
"""
import os
import random
import re
import shutil
import signal
import subprocess
import time
import unittest
from collections import Counter

from program import (PATIENCE_S, ProgramTest, processes, sanitized, tree,
                     wait_until, without_doctor)

SOAK = bool(os.environ.get("SOAK"))
BACKENDS = ("mutex", "ck_spsc")
ROUNDS = 4
RUN = ("run", "--out", "run", "--backend", ",".join(BACKENDS), "--placement",
       "any", "--rounds", ROUNDS, "--duration", "20ms", "--warmup", "1ms",
       "--retry", 0)
# The exit codes of docs/using.md, and those of signals.
CODES = {0, 2, 3, 4, 5, 6, 7, 130, 143}


class Survival(ProgramTest):
    def assert_nothing_is_left(self):
        self.assertTrue(wait_until(lambda: not processes(), 20), processes())

    def assert_rows_are_sound(self):
        """Checks that every result has its two threads, and that results with
        status ok have messages."""
        threads = Counter((row["round"], row["order_in_round"])
                          for row in self.threads()
                          if row["flags"] != "superseded")
        for row in self.results():
            if row["status"] != "ok" or "superseded" in row["flags"]:
                continue
            self.assertGreater(int(row["messages"]), 0)
            self.assertEqual(row["verified"], "1")
            self.assertEqual(threads[row["round"], row["order_in_round"]], 2)

    def assert_can_be_completed(self):
        """The existing files can be read; --resume measures the rest."""
        if not (self.cwd / "run/run.json").exists():
            self.refuse("report", "run", code=3)
            return
        shutil.copytree(self.cwd / "run", self.cwd / "copy")
        _, err = self.ringbench("report", "copy", code=None)
        self.assertLessEqual(len(err.splitlines()), 1, err)
        before = [row for row in self.results("copy")
                  if None not in row.values()]
        _, err = self.ringbench("run", "--resume", "run", code=None)
        if "the run is complete" not in err:
            self.assertNotIn("cannot", err)
        self.assert_rows_are_sound()
        rounds = Counter((row["round"], row["backend"])
                         for row in self.results()
                         if "superseded" not in row["flags"])
        self.assertEqual(rounds, {(str(number), backend): 1
                                  for number in range(1, ROUNDS + 1)
                                  for backend in BACKENDS})
        kept = {(row["started_at"], row["messages"]) for row in self.results()}
        self.assertLessEqual({(row["started_at"], row["messages"])
                              for row in before if row["messages"]}, kept)

    def again(self):
        shutil.rmtree(self.cwd)
        self.cwd.mkdir()


class Kills(Survival):
    def test_a_run_that_is_killed_at_any_moment_can_be_completed(self):
        chance = random.Random(1)
        for number in range(1000 if SOAK else 6):
            signum = chance.choice((signal.SIGKILL, signal.SIGKILL,
                                    signal.SIGTERM, signal.SIGINT))
            moment = chance.uniform(0, 0.3)
            with self.subTest(number=number, signal=signum, moment=moment):
                process = self.start(*RUN)
                time.sleep(moment)
                process.send_signal(signum)
                self.finish(process, None)
                self.assertIn(process.returncode, {*CODES, -signum})
                self.assert_nothing_is_left()
                self.assert_can_be_completed()
            self.again()


# System calls, with an error that each call can really have.
CALLS = (
    ("write", "ENOSPC"), ("read", "EIO"), ("openat", "EMFILE"),
    ("close", "EIO"), ("mkdir", "EDQUOT"), ("rename", "EIO"),
    ("newfstatat", "EACCES"), ("pipe2", "EMFILE"), ("dup2", "EBADF"),
    ("fcntl", "EINVAL"), ("lseek", "ESPIPE"), ("pread64", "EIO"),
    ("ftruncate", "EIO"), ("getdents64", "EIO"), ("memfd_create", "EMFILE"),
    ("clone3", "EAGAIN"), ("clone", "EAGAIN"), ("vfork", "EAGAIN"),
    ("execve", "ENOMEM"), ("wait4", "ECHILD"), ("waitid", "ECHILD"),
    ("poll", "ENOMEM"), ("ppoll", "ENOMEM"), ("mmap", "ENOMEM"),
    ("mprotect", "ENOMEM"), ("pidfd_open", "EMFILE"), ("kill", "EPERM"),
    ("setpgid", "EPERM"), ("prctl", "EINVAL"), ("symlink", "EIO"),
    ("unlink", "EIO"), ("getrandom", "ENOSYS"), ("clock_gettime", "EINVAL"),
    ("clock_nanosleep", "EINVAL"), ("sched_getaffinity", "EPERM"),
    ("rt_sigaction", "EINVAL"), ("uname", "EFAULT"), ("fsync", "EIO"),
    ("flock", "ENOLCK"), ("futex", "ENOSYS"),
)
# In the short form: calls of the runner, of the start of a child, and of the
# end of a row.
SHORT = (("write", 1), ("write", 4), ("write", 9), ("openat", 30),
         ("openat", 60), ("read", 40), ("pipe2", 1), ("pipe2", 3),
         ("memfd_create", 1), ("clone3", 1), ("rename", 2), ("mmap", 70),
         ("execve", 2), ("ftruncate", 1), ("lseek", 1), ("rt_sigaction", 12))
# The dynamic loader or the C library ends the program, not ringbench. A loader
# can also fail without a message; then --version fails, too.
NOT_OURS = re.compile(r"error while loading shared libraries|"
                      r"The futex facility returned an unexpected error")


@unittest.skipUnless(shutil.which("strace"), "strace is not installed")
@unittest.skipIf(sanitized(), "sanitizers need their own system calls")
class FailedCalls(Survival):
    def setUp(self):
        super().setUp()
        done = subprocess.run(["strace", "-o", "/dev/null", "true"],
                              capture_output=True, check=False)
        if done.returncode:
            self.skipTest("this system does not allow strace")

    def run_with_failure(self, call, error, number, words=RUN):
        """The n-th call of every process and thread fails."""
        process = subprocess.Popen(
            ["strace", "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={call}",
             "-e", f"inject={call}:error={error}:when={number}",
             tree() / "bin/ringbench", *map(str, words)], cwd=self.cwd,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        out, err = process.communicate(timeout=PATIENCE_S)
        return process.returncode, out, without_doctor(err)

    def check(self, call, error, number):
        code, out, err = self.run_with_failure(call, error, number)
        if NOT_OURS.search(err) or code < 0 and self.run_with_failure(
                call, error, number, ["--version"])[0] < 0:
            return
        self.assertIn(code, CODES, err)
        if code:
            self.assertTrue(err, out)
        for line in err.splitlines():
            self.assertTrue(line.startswith("ringbench: "), err)
        self.assert_nothing_is_left()
        self.assert_can_be_completed()

    def test_the_nth_failure_of_a_system_call_loses_no_row(self):
        errors = dict(CALLS)
        cases = [(call, number) for call in errors
                 for number in range(1, 41)] if SOAK else SHORT
        for call, number in cases:
            with self.subTest(call=call, number=number):
                self.check(call, errors[call], number)
            self.again()


if __name__ == "__main__":
    unittest.main()
