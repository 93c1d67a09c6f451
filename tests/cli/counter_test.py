#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""counter: locks lose no update, unprotected numbers lose updates, and
processes that hold a lock may be killed."""
import os
import signal
import unittest

from program import (ProgramTest, children, measure_once, number, processes,
                     rows, wait_until)

COUNTER = ("--scenario", "counter", "--placement", "any")


class Sums(ProgramTest):
    """Every synchronisation, with threads and with processes."""

    @classmethod
    def setUpClass(cls):
        cls.folder, cls.out, _ = measure_once(
            *COUNTER, "--sync", "mutex,spinlock,atomic,ck,sharded",
            "--share", "threads,processes", "--work", "numbers,balance",
            "--lock", "element,list", "--rounds", 1)
        cls.rows = rows(cls.folder / "results.csv")

    def test_synchronised_threads_lose_no_update(self):
        for row in self.rows:
            self.assertEqual((row["status"], row["verified"]), ("ok", "1"))
            self.assertEqual(row["lost_updates"], "0")

    def test_each_iteration_raises_the_three_numbers_once(self):
        for row in self.rows:
            if row["work"] == "numbers":
                done = number(row, "messages")
                self.assertEqual(row["numbers"],
                                 f"{done + 1}+{done + 2}+{done + 3}")

    def test_additions_and_subtractions_give_the_balance(self):
        threads = rows(self.folder / "threads.csv")
        for row in self.rows:
            if row["work"] == "balance":
                by_thread = {
                    thread["thread"][-1]: number(thread, "messages")
                    for thread in threads
                    if thread["order_in_round"] == row["order_in_round"]}
                self.assertEqual(number(row, "numbers"),
                                 by_thread["0"] - by_thread["1"])

    def test_the_backend_column_names_the_synchronisation(self):
        for row in self.rows:
            self.assertEqual(row["backend"], row["sync"])
            self.assertEqual((row["wait"], row["capacity"]), ("", ""))

    def test_the_parameter_lock_makes_no_duplicate_cells_without_a_lock(self):
        atomic = [row for row in self.rows if row["sync"] == "atomic"]
        self.assertEqual({row["lock"] for row in atomic}, {"list"})
        self.assertEqual(len(atomic), 4)

    def test_the_table_shows_lost_updates(self):
        self.assertIn("lost", self.out)

    def test_shared_memory_is_mapped_before_the_window(self):
        for row in self.rows:
            self.assertEqual(row["page_faults"], "0", row)


class Counter(ProgramTest):
    def test_lost_updates_without_a_lock_are_not_a_failure(self):
        self.measure(*COUNTER, "--sync", "none", "--rounds", "2")
        for row in self.results():
            self.assertEqual((row["status"], row["verified"]), ("ok", ""))
            found = [int(text) for text in row["numbers"].split("+")]
            expected = [number(row, "messages") + i for i in (1, 2, 3)]
            lost = sum(abs(e - f) for e, f in zip(expected, found))
            self.assertEqual(number(row, "lost_updates"), lost)

    def test_messages_sets_the_iterations_of_each_thread(self):
        self.measure(*COUNTER, "--work", "balance", "--messages", "10000",
                     "--rounds", "1")
        self.assertEqual(self.results()[0]["messages"], "20000")
        self.assertEqual(self.results()[0]["numbers"], "0")

    def test_counter_refuses_a_backend(self):
        for words, hint in ((("--backend", "ck_spsc"), "remove --backend"),
                            (("--consumers", "1"), "consumers"),
                            (("--stop", "sentinel"), "stop")):
            with self.subTest(words):
                self.refuse("run", *COUNTER, *words, code=2, says=[hint])

    def test_other_scenarios_refuse_sync(self):
        self.refuse("run", "--scenario", "stream", "--sync", "none", code=2,
                    says=["stream has no --sync"])

    def kill_one(self, sync):
        process = self.start("run", *COUNTER, "--sync", sync, "--share",
                             "processes", "--lock", "list", "--duration",
                             "30s", "--rounds", "1", "--out", "run")
        observer = wait_until(lambda: children(process.pid))[0]
        # Kills a process in the window, after the processes of the warm-up have
        # ended.
        first = wait_until(lambda: children(observer))
        two = wait_until(lambda: (now := children(observer)) != first
                         and len(now) == 2 and now)
        os.kill(two[0], signal.SIGKILL)
        _, err = self.finish(process, 5)
        self.assertIn("crashed: process process-", err)
        self.assertIn("was ended by signal 9 (Killed)", err)
        self.assertEqual(self.results()[0]["status"], "crashed")
        self.assertFalse(wait_until(lambda: not processes()) is False)

    def test_a_process_killed_with_a_robust_mutex_ends_the_run(self):
        self.kill_one("mutex")

    def test_a_process_killed_with_a_spinlock_ends_the_run(self):
        self.kill_one("ck")


if __name__ == "__main__":
    unittest.main(verbosity=2)
