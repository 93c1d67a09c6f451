#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""CPU time and context switches of an idle consumer, compared with the
kernel's account of the process that measured them.

The test is the parent of the observation, so wait4() returns this account. It
contains the start of the process, too. The cost of the start comes from a
consumer that sleeps in the kernel for the whole window.
"""
import os
import subprocess
import unittest
from collections import namedtuple

from program import ProgramTest, tree

WINDOW_S = 0.3
# Larger than any difference between two starts of the process, and small beside
# the window.
SLACK_S = 0.05
SLACK_SWITCHES = 100

CELL = """scenario idle
backend spsc_ring
wait {wait}
placement any
duration {window}ms
end
"""

Account = namedtuple("Account", "cpu_s voluntary involuntary")


def observe(wait):
    """Returns the accounts of the program and of the kernel."""
    cell = CELL.format(wait=wait, window=round(1000 * WINDOW_S))
    with subprocess.Popen([tree() / "bin/ringbench", "observe"], text=True,
                          stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as child:
        child.stdin.write(cell)
        child.stdin.close()
        text = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    found = dict(line.split(" ", 1) for line in
                 text.split("\nthread ")[0].splitlines() if " " in line)
    assert found["status"] == "ok", text
    elapsed_s = int(found["elapsed_ns"]) / 1e9
    own = Account(float(found["cpu_pop_share"]) * elapsed_s,
                  int(found["vol_switches"]), int(found["invol_switches"]))
    return own, Account(usage.ru_utime + usage.ru_stime, usage.ru_nvcsw,
                        usage.ru_nivcsw)


class IdleAccounts(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.accounts = {wait: observe(wait) for wait in
                        ("block", "spin", "yield", "poll", "sleep:1ms",
                         "adaptive:20us")}
        own, kernel = cls.accounts["block"]
        cls.start_s = kernel.cpu_s - own.cpu_s

    def test_a_blocked_consumer_uses_almost_no_cpu_time(self):
        own, kernel = self.accounts["block"]
        self.assertLess(own.cpu_s, kernel.cpu_s)
        self.assertLess(own.cpu_s, WINDOW_S / 20)

    def test_the_kernel_counts_the_same_cpu_time(self):
        for wait, (own, kernel) in self.accounts.items():
            self.assertAlmostEqual(own.cpu_s, kernel.cpu_s - self.start_s,
                                   delta=SLACK_S, msg=wait)

    def test_no_cpu_time_or_switch_is_invented(self):
        for wait, (own, kernel) in self.accounts.items():
            for mine, theirs in zip(own, kernel):
                self.assertLessEqual(mine, theirs, wait)

    def test_the_kernel_counts_the_same_switches(self):
        for wait, (own, kernel) in self.accounts.items():
            self.assertLessEqual(kernel.voluntary - own.voluntary,
                                 SLACK_SWITCHES, wait)

    def test_a_consumer_that_sleeps_switches_once_for_each_sleep(self):
        own, _ = self.accounts["sleep:1ms"]
        self.assertGreater(own.voluntary, 1)
        self.assertLessEqual(own.voluntary, 1000 * WINDOW_S + 1)


if __name__ == "__main__":
    unittest.main()
