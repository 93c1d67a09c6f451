#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""block with queues of the kernel: one blocking call, and what is known of its
wait."""
import unittest

from program import ProgramTest, measure_once, number, rows

BLOCK = ("--wait", "block", "--placement", "any", "--rounds", "1")


class OneCall(ProgramTest):
    @classmethod
    def setUpClass(cls):
        # Not socketpair: its capacity depends on the machine's limits.
        folder, _, _ = measure_once(
            "--scenario", "pingpong,stream", "--backend",
            "pipe,mqueue,eventfd_ring,mutex", "--capacity", "10", *BLOCK)
        cls.rows = rows(folder / "results.csv")
        cls.threads = rows(folder / "threads.csv")

    def test_every_message_arrives(self):
        self.assertEqual(len(self.rows), 8)
        for row in self.rows:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))

    def test_the_wait_of_a_blocking_call_is_the_sleep_of_its_thread(self):
        for thread in self.threads:
            if thread["backend"] != "mutex":
                self.assertEqual(number(thread, "wait_empty_ns",
                                        "wait_full_ns"),
                                 number(thread, "asleep_ns"))

    def test_no_thread_waits_on_the_side_that_it_does_not_use(self):
        for thread in self.threads:
            role = thread["thread"].split("-")[0]
            other = {"producer": "wait_empty_ns", "consumer": "wait_full_ns",
                     "A": "wait_full_ns", "B": "wait_full_ns"}[role]
            self.assertEqual(number(thread, other), 0, thread["backend"])

    def test_busy_and_waits_are_the_elapsed_time(self):
        for thread in self.threads:
            self.assertEqual(number(thread, "busy_ns", "wait_empty_ns",
                                    "wait_full_ns"),
                             number(thread, "elapsed_ns"))


class Ends(ProgramTest):
    def test_a_blocked_thread_leaves_at_the_end_of_the_run(self):
        """Nobody sends: only the end of the run wakes this consumer."""
        self.measure("--scenario", "idle", "--backend",
                     "pipe,mqueue,eventfd_ring", "--capacity", "10", *BLOCK)
        for row in self.results():
            self.assertEqual((row["status"], row["left_over"]), ("ok", "0"))

    def test_threads_that_also_work_have_measured_waits(self):
        """Their sleep is not only that of the queue."""
        self.measure("--scenario", "wakeup", "--gap", "1ms", "--backend",
                     "pipe", *BLOCK)
        consumer, = (thread for thread in self.threads()
                     if thread["thread"].startswith("consumer"))
        self.assertGreater(number(consumer, "waits"), 0)
        self.assertGreater(number(consumer, "empty_tries"), 0)


if __name__ == "__main__":
    unittest.main()
