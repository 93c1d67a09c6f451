#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Really measures on two hosts, over SSH and through Slurm, and merges.

The hosts are made on this machine (machines.py), so it needs root. It starts
sshd, munged, slurmctld and slurmd of its own, and stops them. `make
check-hosts` installs them.
"""
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from machines import Host, Slurm, Sshd

REPO = Path(__file__).resolve().parents[2]
PROGRAM = REPO / os.environ.get("BUILD", "build") / "ringbench"
CELLS = ("--scenario", "pingpong", "--backend", "mutex,line", "--wait",
         "spin", "--placement", "any", "--rounds", "2", "--retry", "0",
         "--duration", "20ms", "--warmup", "1ms")
PATIENCE_S = 300


def tool(name, *words, code=0, environment=None):
    """Runs a script; the lock of the machine is for real hosts."""
    done = subprocess.run(
        [REPO / "scripts" / name, *map(str, words)], check=False, text=True,
        capture_output=True, timeout=PATIENCE_S,
        env={**os.environ, "RINGBENCH_LOCK": "", **(environment or {})})
    if done.returncode != code:
        raise AssertionError(f"{name}: exit code {done.returncode}\n"
                             f"{done.stdout}\n{done.stderr}")
    return done


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class OnHosts(unittest.TestCase):
    """Two hosts for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        # Short, because the paths of sockets are limited.
        cls.folder = Path(tempfile.mkdtemp(prefix="rb-hosts-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.hosts = []
        for number in (1, 2):
            cls.hosts.append(Host(number))
            cls.addClassCleanup(cls.hosts[-1].remove)
        print(f"{cls.__name__}: hosts " + (
            "in network namespaces" if cls.hosts[0].isolated
            else "on the loopback interface"), flush=True)

    def setUp(self):
        self.cwd = Path(tempfile.mkdtemp(dir=self.folder))

    def check_merged(self, out, rounds):
        """Each host has its rounds, and the report compares the hosts."""
        found = rows(out / "all/results.csv")
        self.assertEqual({row["host"] for row in found}, set(rounds))
        for host, count in rounds.items():
            own = [row for row in found if row["host"] == host]
            self.assertEqual({row["status"] for row in own}, {"ok"})
            self.assertEqual({int(row["round"]) for row in own},
                             set(range(1, count + 1)))
        self.assertEqual({row["host"] for row in
                          rows(out / "all/threads.csv")}, set(rounds))
        report = subprocess.run([PROGRAM, "report", out / "all"], check=True,
                                capture_output=True, text=True).stdout
        if len(rounds) > 1:
            self.assertIn(f"merged from {len(rounds)} hosts", report)
            self.assertIn("pingpong: bound and best queue", report)


class Ssh(OnHosts):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for host in cls.hosts:
            cls.addClassCleanup(Sshd(host, cls.folder).stop)
        cls.environment = {
            "SSH": Sshd.client(cls.folder, cls.hosts),
            "RINGBENCH": f"env RINGBENCH_LOCK= {PROGRAM}",
            "MERGE": str(PROGRAM),
        }

    def measure(self, *words, code=0, **more):
        out = self.cwd / "out"
        return out, tool("run-on-hosts", out, *words, "--", *CELLS, code=code,
                         environment={**self.environment, **more})

    def test_two_hosts_are_measured_and_merged(self):
        out, done = self.measure("node1", "node2")
        self.assertIn("node1\tmeasured", done.stdout)
        self.check_merged(out, {"node1": 2, "node2": 2})
        self.assertEqual(done.stderr, "")

    def test_the_runs_know_the_names_of_their_hosts(self):
        if not self.hosts[0].isolated:
            self.skipTest("the hosts share the name of this machine")
        out, _ = self.measure("node1", "node2")
        subprocess.run([PROGRAM, "merge", out / "node1", out / "node2",
                        "--out", out / "again"], check=True,
                       capture_output=True)
        self.assertEqual({row["host"] for row in
                          rows(out / "again/results.csv")},
                         {"node1", "node2"})

    def test_an_unreachable_host_leaves_the_others(self):
        out, done = self.measure("node1", "gone=127.0.0.1", "node2", code=5)
        self.assertRegex(done.stdout, "gone\tFAILED: no connection: .*refused")
        self.assertFalse((out / "gone").exists())
        self.check_merged(out, {"node1": 2, "node2": 2})

    def test_a_host_without_the_program_is_named(self):
        out, done = self.measure("node1", "node2", code=5,
                                 RINGBENCH="/nothing/ringbench")
        self.assertIn("node2\tFAILED: there is no ringbench", done.stdout)
        self.assertIn("nothing to merge", done.stderr)
        self.assertFalse((out / "all").exists())

    def test_wrong_options_are_told_by_each_host(self):
        out = self.cwd / "out"
        done = tool("run-on-hosts", out, "node1", "node2", "--", "--round", 1,
                    code=5, environment=self.environment)
        self.assertIn("node1\tFAILED: exit code 2: ringbench: unknown option",
                      done.stdout)

    def test_wrong_words_are_refused(self):
        out = self.cwd / "out"
        for words in ((out,), (out, "a", "a"), (out, "x y", "b"),
                      (self.cwd, "a", "b"), ("--fast", out, "a", "b")):
            done = tool("run-on-hosts", *words, code=2)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        done = tool("run-on-hosts", "/proc/none", "a", "--", code=7)
        self.assertIn("choose another folder", done.stderr)


class JobArray(OnHosts):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.hosts[0].isolated:
            raise unittest.SkipTest("two slurmd need two network namespaces")
        slurm = Slurm(cls.hosts, cls.folder)
        cls.addClassCleanup(slurm.stop)
        cls.environment = {**slurm.environment(), "RINGBENCH": str(PROGRAM),
                           "RINGBENCH_LOCK": "", "POLL_S": "0.5"}

    def measure(self, tasks, *words, code=0):
        out = self.cwd / "out"
        return out, tool("run-on-slurm", out, tasks, *words, code=code,
                         environment=self.environment)

    def test_an_array_of_two_tasks_measures_on_two_nodes(self):
        out, done = self.measure(2, "--", *CELLS)
        self.assertIn("task 2 on node", done.stdout)
        self.check_merged(out, {"node1": 2, "node2": 2})

    def test_two_tasks_on_one_node_are_more_rounds(self):
        out, _ = self.measure(2, "--nodelist=node2", "--", *CELLS)
        self.check_merged(out, {"node2": 4})

    def measure_with_a_broken_task(self, does):
        """The second of three tasks does this instead of measuring."""
        program = self.cwd / "ringbench"
        program.write_text(
            '#!/bin/sh\n[ "$1" != run ] || [ "$SLURM_ARRAY_TASK_ID" != 2 ] ||'
            f' {does}\nexec "{PROGRAM}" "$@"\n', "utf-8")
        program.chmod(0o755)
        out = self.cwd / "out"
        done = tool("run-on-slurm", out, 3, "--", *CELLS, code=5,
                    environment={**self.environment,
                                 "RINGBENCH": str(program)})
        self.assertEqual(len(rows(out / "all/results.csv")), 2 * 4)
        return done

    def test_a_failed_task_leaves_the_others(self):
        done = self.measure_with_a_broken_task("{ echo broken; exit 9; }")
        self.assertRegex(done.stdout,
                         r"task 2 on node\d: FAILED: exit code 9: broken")

    def test_a_killed_task_leaves_the_others(self):
        done = self.measure_with_a_broken_task("kill -KILL $PPID")
        self.assertIn("task 2: FAILED: it did not run to its end",
                      done.stdout)

    def test_tasks_that_all_fail_leave_nothing_to_merge(self):
        out, done = self.measure(2, "--", "--round", "1", code=5)
        self.assertEqual(done.stdout.count("FAILED: exit code 2: ringbench: "
                                           "unknown option"), 2)
        self.assertIn("nothing to merge", done.stderr)
        self.assertFalse((out / "all").exists())

    def test_a_job_that_slurm_refuses_is_an_error(self):
        _, done = self.measure(2, "--partition=none", "--", *CELLS, code=2)
        self.assertIn("sbatch refused", done.stderr)

    def test_wrong_words_are_refused(self):
        self.measure("many", "--", *CELLS, code=2)
        done = tool("run-on-slurm", code=2)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("check_hosts.py: hosts are made by root; use sudo")
    unittest.main(verbosity=2)
