#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""stream --share processes: a queue in memory that processes share."""
import os
import signal
import unittest

from program import ProgramTest, children, number, processes, wait_until

SHARED = ("--scenario", "stream", "--share", "processes", "--payload-by",
          "value", "--wait", "spin", "--rounds", "1")


class StreamProcesses(ProgramTest):
    def test_every_message_arrives_in_the_other_process(self):
        self.measure(*SHARED, "--backend", "spsc_ring,mutex", "--payload",
                     "8,64", "--capacity", "64", "--placement", "near")
        rows = self.results()
        self.assertEqual(len(rows), 4)
        for row in rows:
            self.assertEqual((row["status"], row["verified"], row["lost"],
                              row["share"]), ("ok", "1", "0", "processes"))
            self.assertGreater(number(row, "messages"), 64)
            self.assertNotIn("page_faults", row["flags"])

    def test_several_processes_on_each_side_of_a_mutex(self):
        self.measure(*SHARED, "--backend", "mutex", "--payload", "32",
                     "--producers", "2", "--consumers", "2",
                     "--placement", "any")
        self.assertEqual(self.results()[0]["verified"], "1")
        self.assertEqual(len(self.threads()), 4)

    def test_what_processes_cannot_share_is_refused(self):
        for words, why in (
                (("--backend", "lines"), "spsc_ring or mutex"),
                (("--backend", "scq"), "spsc_ring or mutex"),
                (("--backend", "mutex", "--wait", "block"), "policy spin"),
                (("--backend", "mutex", "--payload-by", "reference"),
                 "add --payload-by value"),
                (("--backend", "spsc_ring", "--producers", "2"),
                 "one producer")):
            self.refuse("run", *SHARED, "--placement", "any", *words, code=2,
                        says=[why])

    def kill_one(self, backend):
        process = self.start("run", *SHARED, "--backend", backend,
                             "--placement", "any", "--duration", "30s",
                             "--out", "run")
        observer = wait_until(lambda: children(process.pid))[0]
        # Killed in the window: the warm-up's processes have come and gone.
        first = wait_until(lambda: children(observer))
        two = wait_until(lambda: (now := children(observer)) != first
                         and len(now) == 2 and now)
        os.kill(two[0], signal.SIGKILL)
        _, err = self.finish(process, 5)
        self.assertIn("crashed: process producer-0 was ended by signal 9",
                      err)
        self.assertEqual(self.results()[0]["status"], "crashed")
        self.assertTrue(wait_until(lambda: not processes()))

    def test_a_killed_producer_ends_the_run_of_a_ring(self):
        self.kill_one("spsc_ring")

    def test_a_killed_producer_ends_the_run_of_a_robust_mutex(self):
        self.kill_one("mutex")


if __name__ == "__main__":
    unittest.main()
