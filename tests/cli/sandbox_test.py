#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""In a sandbox that refuses a system call, ringbench continues without this
call or names the reason why it cannot. tests/sandbox/refuse.c makes the
sandbox."""
import subprocess
import unittest

from program import BUILD, ProgramTest, tree

REFUSE = BUILD / "tests/refuse"
# Long enough for one message on a busy machine.
CELL = ("--rounds", 1, "--duration", "100ms", "--warmup", "1ms")
WHY = {"EPERM": "Operation not permitted", "ENOSYS": "not implemented"}

# System calls that ringbench can do without.
FALLBACKS = (
    ("pidfd_open", ("--backend", "mutex")),
    ("memfd_create", ("--backend", "mutex")),
    ("prctl", ("--backend", "mutex")),
    ("madvise", ("--backend", "mutex")),
    ("getrusage", ("--backend", "mutex")),
    ("perf_event_open", ("--backend", "mutex")),
    ("symlink", ("--backend", "mutex")),
    ("uname", ("--backend", "mutex")),
    ("waitid", ("--backend", "mutex")),
    ("setpgid", ("--backend", "mutex")),
    ("membarrier", ("--backend", "mpmc_ring")),
    ("sched_yield", ("--backend", "mutex", "--wait", "yield")),
    ("prctl", ("--scenario", "counter", "--share", "processes")),
    ("sched_setaffinity", ("--backend", "mutex", "--placement", "any")),
    ("pidfd_open,memfd_create,prctl,membarrier,madvise,perf_event_open",
     ("--backend", "mpmc_ring", "--placement", "any")),
)

# System calls without which the cell cannot be measured, and a part of the
# reason.
REASONS = (
    ("eventfd2", ("--backend", "eventfd_ring"), "eventfd_ring"),
    ("mq_open", ("--backend", "mqueue", "--capacity", 4), "mqueue"),
    ("pipe2", ("--backend", "pipe"), "pipe"),
    ("socketpair", ("--backend", "socketpair"), "socketpair"),
    ("setsockopt", ("--backend", "socketpair"), "socketpair"),
    ("clock_nanosleep", ("--backend", "mutex"), "clock_nanosleep"),
    ("sched_setaffinity", ("--backend", "mutex", "--placement", "near"),
     "cannot pin thread"),
    ("socket", ("--scenario", "pipeline", "--source", "http"),
     "127.0.0.1"),
    ("pipe2", ("--scenario", "pipeline", "--source", "http"),
     "cannot send the cell"),
)

# System calls without which nothing can be measured.
FATAL = (
    ("sched_getaffinity", 6, "sched_getaffinity"),
    ("mkdir", 7, "--out"),
    ("rename", 7, "run.json"),
)


class Sandbox(ProgramTest):
    def setUp(self):
        super().setUp()
        done = subprocess.run([REFUSE, "ENOSYS", "uname", "true"], check=False)
        if done.returncode == 77:
            self.skipTest("this system has no seccomp")

    def refused(self, error, calls, *words, code):
        process = subprocess.Popen(
            [REFUSE, error, calls, tree() / "bin/ringbench",
             *map(str, words)], cwd=self.cwd, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        return self.finish(process, code)

    def each(self, table):
        for number, (calls, *rest) in enumerate(table):
            for error, why in WHY.items():
                with self.subTest(error=error, calls=calls, rest=rest):
                    yield error, why, calls, f"{error}-{number}", rest

    def test_unneeded_system_calls_can_be_refused(self):
        for error, _, calls, out, (words,) in self.each(FALLBACKS):
            _, err = self.refused(error, calls, "run", *words, *CELL,
                                  "--out", out, code=0)
            self.assertEqual(err, "")
            self.assertEqual({row["status"] for row in self.results(out)},
                             {"ok"})

    def test_a_cell_that_needs_the_call_fails_with_the_reason(self):
        for error, why, calls, out, (words, says) in self.each(REASONS):
            _, err = self.refused(error, calls, "run", *words, *CELL,
                                  "--out", out, code=5)
            self.assertIn(why, err)
            self.assertIn(says, err)
            self.assertNotIn("smaller --capacity", err)
            self.assertNotIn("longer --duration", err)
            self.assertEqual(len(err.splitlines()), 1, err)

    def test_a_needed_system_call_gives_one_line(self):
        for error, why, calls, out, (code, says) in self.each(FATAL):
            out, err = self.refused(error, calls, "run", "--backend", "mutex",
                                    *CELL, "--out", out, code=code)
            self.assert_one_line(err)
            self.assertIn(why, err)
            self.assertIn(says, err)

    def test_the_doctor_names_hidden_facts(self):
        for calls in ("perf_event_open", "prctl", "getdents64", "prlimit64"):
            with self.subTest(calls=calls):
                out, err = self.refused("EPERM", calls, "doctor", "--seconds",
                                        "0.1", code=0)
                self.assertEqual(err, "")
                self.assertIn("counters", out)
        for calls in ("sched_setaffinity", "sched_getaffinity"):
            with self.subTest(calls=calls):
                _, err = self.refused("EPERM", calls, "doctor", "--seconds",
                                      "0.1", code=6)
                self.assert_one_line(err)
                self.assertIn("Operation not permitted", err)

    def test_a_limit_of_the_machine_is_not_called_a_refused_call(self):
        with open("/proc/sys/fs/mqueue/msg_max", encoding="ascii") as file:
            most = int(file.read())
        _, err = self.ringbench("run", "--backend", "mqueue", "--capacity",
                                most + 1, *CELL, "--out", "out", code=None)
        if err:  # a privileged user may go beyond it
            self.assertIn("choose a smaller --capacity", err)


if __name__ == "__main__":
    unittest.main()
